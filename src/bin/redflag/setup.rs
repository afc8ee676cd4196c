//! From arguments and `redflag.toml` to lists, rules and a screener.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use redflag::config::Config;
use redflag::diagnostic::{Diagnostics, SourceFile};
use redflag::matching::Matcher;
use redflag::place::CountryNames;
use redflag::rule::Library;
use redflag::screening::Screener;
use redflag::watchlist::{self, ListFile, ListInfo, Watchlist};

use crate::args::SetupArgs;
use crate::failure::{Failure, show};
use crate::start;
use crate::stores::{self, Stores};

/// A configuration and the folder its paths are relative to.
pub struct Project {
    pub config: Config,
    pub folder: PathBuf,
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// What stands in it.
    pub text: Option<String>,
}

/// Reads the configuration: the named file, or the `redflag.toml` of this
/// folder or the nearest one above, or the defaults.
pub fn project(args: &SetupArgs) -> Result<Project, Failure> {
    let file = match &args.config {
        Some(path) => Some(path.clone()),
        None => find_upwards("redflag.toml"),
    };
    let mut config = Config::default();
    let text = file.as_deref().map(read_text).transpose()?;
    if let (Some(path), Some(text)) = (&file, &text) {
        let source = SourceFile::new(path.display().to_string(), text.as_str());
        let mut out = Diagnostics::default();
        config = Config::parse(&source, &mut out);
        stop_at_errors(&out, "the configuration")?;
    }
    if !args.bound_by.is_empty() {
        config.profile.bound_by = args
            .bound_by
            .iter()
            .map(|code| if code == "UK" { "GB".to_owned() } else { code.clone() })
            .collect();
        config.profile.stated = true;
    }
    let folder = file.as_deref().and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
    Ok(Project { config, folder, file, text })
}

fn find_upwards(name: &str) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(name)).find(|path| path.is_file())
}

pub fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    String::from_utf8(bytes).map_err(|error| {
        Failure::new(format!(
            "{}: byte {} is not UTF-8; save the file as UTF-8",
            path.display(),
            error.utf8_error().valid_up_to()
        ))
    })
}

/// Shows what is wrong; fails if any of it is an error.
fn stop_at_errors(out: &Diagnostics, what: &str) -> Result<(), Failure> {
    show(out);
    if out.has_errors() {
        return Err(Failure::new(format!("{what} can't be used; nothing was screened")));
    }
    Ok(())
}

/// The lists: shipped ones, those of the store, configured ones, and those of
/// `--list`. A later one takes the place of an earlier one of its id. And the
/// warnings about them, which are shown already.
pub fn lists(args: &SetupArgs, project: &Project) -> Result<(Vec<Watchlist>, Diagnostics), Failure> {
    if args.only_lists {
        return lists_with(args, project, &[]);
    }
    lists_with(args, project, &Stores::open(args, project)?.used(args, project)?)
}

/// The same, with these editions of the store.
pub fn lists_with(
    args: &SetupArgs,
    project: &Project,
    used: &[stores::Used],
) -> Result<(Vec<Watchlist>, Diagnostics), Failure> {
    let mut out = Diagnostics::default();
    let mut lists = Vec::new();
    if !args.only_lists {
        if project.config.shipped_lists {
            let (shipped, mistakes) = watchlist::shipped();
            lists = shipped;
            out.extend(mistakes);
        }
        let stores = Stores::open(args, project)?;
        let (mut kept, mistakes) = stores.read(used, args.frozen)?;
        for list in &mut kept {
            if let Some(shipped) = lists.iter().find(|shipped: &&Watchlist| shipped.info.id == list.info.id) {
                stores::doubt_smaller(list, shipped, "the list that comes with the program");
            }
        }
        replace(&mut lists, kept);
        out.extend(mistakes);
    }
    let paths = list_paths(args, project);
    if !paths.is_empty() {
        let (read, mistakes) = read_lists(&paths)?;
        replace(&mut lists, read);
        out.extend(mistakes);
    }
    stop_at_errors(&out, "a list")?;
    if lists.is_empty() {
        return Err(Failure::new("there is no list to screen against; name one with --list"));
    }
    Ok((lists, out))
}

/// The list files of the user: configured ones, and those of `--list`.
pub fn list_paths(args: &SetupArgs, project: &Project) -> Vec<PathBuf> {
    let configured = if args.only_lists { &[][..] } else { &project.config.lists };
    let configured = configured.iter().map(|path| project.folder.join(path));
    configured.chain(args.lists.iter().cloned()).collect()
}

/// Puts lists behind the others, and in the place of those of the same id.
fn replace(lists: &mut Vec<Watchlist>, with: Vec<Watchlist>) {
    lists.retain(|list| !with.iter().any(|other| other.info.id == list.info.id));
    lists.extend(with);
}

/// Reads list files, with the files that belong to them beside them.
pub fn read_lists(paths: &[PathBuf]) -> Result<(Vec<Watchlist>, Diagnostics), Failure> {
    let countries = CountryNames::shipped();
    Ok(watchlist::read(list_files(paths)?, &|text| countries.resolve(text).code()))
}

/// Bytes of a list file at most: some times the largest list there is.
pub const MOST_LIST_BYTES: u64 = 256 << 20;

/// The bytes of a list file; a file that no list can be is not read.
pub fn read_list_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let failure = |words: &dyn std::fmt::Display| Failure::new(format!("{}: {words}", path.display()));
    let file = fs::File::open(path).map_err(|error| failure(&error))?;
    let mut bytes = Vec::new();
    file.take(MOST_LIST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| failure(&error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= MOST_LIST_BYTES) {
        return Ok(bytes);
    }
    Err(failure(&format!("longer than {} MB, which no list is", MOST_LIST_BYTES >> 20)))
}

/// The files that are named, and those that belong to them.
pub fn list_files(paths: &[PathBuf]) -> Result<Vec<ListFile>, Failure> {
    let file =
        |path: PathBuf| Ok(ListFile { name: path.display().to_string(), bytes: read_list_file(&path)? });
    with_companions(paths).into_iter().map(file).collect()
}

/// The files that are named, and those beside them that belong to them; each
/// once.
pub fn with_companions(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let beside = watchlist::companions(&name).into_iter().map(|name| path.with_file_name(name));
        for path in std::iter::once(path.clone()).chain(beside.filter(|path| path.is_file())) {
            if !all.contains(&path) {
                all.push(path);
            }
        }
    }
    all
}

/// The rules: shipped and configured ones, and those of `--rules`.
pub fn rules(
    args: &SetupArgs,
    project: &Project,
    lists: Option<&[Arc<ListInfo>]>,
) -> Result<Library, Failure> {
    load_rules(&rule_files(args, project)?, lists)
}

/// The files that the rules stand in.
fn rule_files(args: &SetupArgs, project: &Project) -> Result<Vec<SourceFile>, Failure> {
    let mut files: Vec<SourceFile> = Vec::new();
    if project.config.shipped_rules {
        files.extend(redflag::rule::shipped_files());
    }
    let configured = project.config.rules.iter().map(|path| project.folder.join(path));
    for path in configured.chain(args.rules.iter().cloned()) {
        add_rule_files(&path, &mut files)?;
    }
    Ok(files)
}

fn load_rules(files: &[SourceFile], lists: Option<&[Arc<ListInfo>]>) -> Result<Library, Failure> {
    let ids: Option<Vec<String>> = lists.map(|lists| lists.iter().map(|list| list.id.clone()).collect());
    let (library, out) = Library::load(files, ids.as_deref());
    stop_at_errors(&out, "the rules")?;
    library.ok_or_else(|| Failure::new("the rules can't be used; nothing was screened"))
}

/// A file, or every TOML file below a folder, in the order of their names.
fn add_rule_files(path: &Path, files: &mut Vec<SourceFile>) -> Result<(), Failure> {
    if path.is_dir() {
        let entries =
            fs::read_dir(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        let mut below: Vec<PathBuf> =
            entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        below.sort();
        for path in below.iter().filter(|path| path.is_dir() || path.extension().is_some_and(|e| e == "toml"))
        {
            add_rule_files(path, files)?;
        }
        return Ok(());
    }
    files.push(SourceFile::new(path.display().to_string(), read_text(path)?));
    Ok(())
}

/// Everything together, and the files that the rules came from.
pub fn screener(
    args: &SetupArgs,
    project: &Project,
    as_of: Date,
) -> Result<(Screener, Vec<SourceFile>), Failure> {
    assemble(args, project, start::matcher(args, project)?, as_of)
}

/// The same, with lists that are indexed already.
pub fn assemble(
    args: &SetupArgs,
    project: &Project,
    matcher: Matcher,
    as_of: Date,
) -> Result<(Screener, Vec<SourceFile>), Failure> {
    let files = rule_files(args, project)?;
    let mut rules = load_rules(&files, Some(matcher.lists()))?;
    let levels = project.config.levels.iter();
    let levels = levels.map(|level| (level.rule.as_str(), level.verdict, level.reason.as_str()));
    rules.set_levels(levels).map_err(|unknown| {
        Failure::new(format!(
            "[levels]: there is no rule {}; `redflag rules list` shows all",
            unknown.join(", ")
        ))
    })?;
    Ok((Screener::new(matcher, rules, project.config.profile.clone(), as_of), files))
}

/// A pool of that many threads, or of one a core.
pub fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .build()
        .map_err(|error| Failure::new(format!("threads can't be started: {error}")))
}

/// Now, by the machine's clock, to the millisecond.
pub fn now() -> jiff::Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let milliseconds = i64::try_from(since.as_millis()).unwrap_or(0);
    jiff::Timestamp::from_millisecond(milliseconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// Today in UTC.
pub fn today() -> Date {
    jiff::tz::Offset::UTC.to_datetime(now()).date()
}
