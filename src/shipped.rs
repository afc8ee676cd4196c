//! The files under `rules/`, embedded in the program.

use include_dir::{Dir, include_dir};

static RULES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Every embedded TOML file: its path such as `rules/lists/us-sdn.toml` and
/// its bytes, in the order of the paths.
#[must_use]
pub fn files() -> Vec<(String, &'static [u8])> {
    let mut found = Vec::new();
    collect(&RULES, &mut found);
    found.sort_unstable();
    found
}

/// The text of one embedded file, such as `rules/goods/tariff/words.tsv`; empty
/// if there is none.
#[must_use]
pub fn text(path: &str) -> &'static str {
    path.strip_prefix("rules/")
        .and_then(|path| RULES.get_file(path))
        .and_then(include_dir::File::contents_utf8)
        .unwrap_or_default()
}

fn collect(folder: &Dir<'static>, found: &mut Vec<(String, &'static [u8])>) {
    for file in folder.files().filter(|file| file.path().extension().is_some_and(|e| e == "toml")) {
        let path = file.path().to_string_lossy().replace('\\', "/");
        found.push((format!("rules/{path}"), file.contents()));
    }
    for folder in folder.dirs() {
        collect(folder, found);
    }
}
