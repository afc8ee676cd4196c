//! Where bytes go: standard output, or a file that appears under its name only
//! when it is complete.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// The path that means standard output (or input).
pub fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The formats of one kind of report, as `--output` names them.
pub struct Formats<F> {
    /// What `-` alone means.
    pub plain: F,
    pub from_key: fn(&str) -> Option<F>,
    pub from_file_name: fn(&str) -> Option<F>,
    pub words: &'static [&'static str],
    /// The endings that tell a format, for the message.
    pub endings: &'static str,
}

impl<F: Copy> Formats<F> {
    /// Opens every `--output`, standard output as plain text where there is none.
    pub fn open(&self, wanted: &[String]) -> Result<Vec<(F, Output)>, Failure> {
        if wanted.is_empty() {
            return self.open(&["-".to_owned()]);
        }
        let mut outputs: Vec<(F, Output)> = Vec::new();
        for text in wanted {
            let (format, path) = self.parse(text)?;
            if outputs.iter().any(|(_, output)| output.path() == path) {
                return Err(Failure::new(format!("--output: {} is named twice", path.display())));
            }
            let output = Output::create(&path).map_err(|error| write_failure(&path, &error))?;
            outputs.push((format, output));
        }
        Ok(outputs)
    }

    /// `FORMAT=PATH`, or a path whose ending tells the format.
    fn parse(&self, text: &str) -> Result<(F, PathBuf), Failure> {
        if let Some((format, path)) = text.split_once('=')
            && let Some(format) = (self.from_key)(format)
            && !path.is_empty()
        {
            return Ok((format, PathBuf::from(path)));
        }
        if text == "-" {
            return Ok((self.plain, PathBuf::from(text)));
        }
        match (self.from_file_name)(text) {
            Some(format) => Ok((format, PathBuf::from(text))),
            None => Err(Failure::new(format!(
                "--output {text}: write FORMAT=PATH with one of {}, or a path that ends in {}",
                self.words.join(", "),
                self.endings
            ))),
        }
    }
}

enum Target {
    Stdout(BufWriter<io::Stdout>),
    /// A device or pipe: it has no content that could be left half-written.
    Device(BufWriter<File>),
    File(BufWriter<NamedTempFile>),
}

/// An output that is being written. Clones write to the same place.
#[derive(Clone)]
pub struct Output {
    target: Arc<Mutex<Option<Target>>>,
    /// As the user wrote it.
    path: PathBuf,
    /// Where a file goes at the end.
    place: PathBuf,
}

impl Output {
    /// Opens an output. A file is written beside its final place.
    pub fn create(path: &Path) -> io::Result<Self> {
        // A link stays a link: what it points to is replaced.
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let target = if is_dash(path) {
            Target::Stdout(BufWriter::with_capacity(1 << 16, io::stdout()))
        } else if place.metadata().is_ok_and(|data| !data.is_file() && !data.is_dir()) {
            let device = File::options().write(true).open(&place)?;
            Target::Device(BufWriter::with_capacity(1 << 16, device))
        } else {
            let folder = match place.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => Path::new("."),
            };
            let file = tempfile::Builder::new().prefix(".redflag-").suffix(".part").tempfile_in(folder)?;
            Target::File(BufWriter::with_capacity(1 << 16, file))
        };
        Ok(Self { target: Arc::new(Mutex::new(Some(target))), path: path.to_owned(), place })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what is left and gives a file its name.
    pub fn finish(&self) -> io::Result<()> {
        let target = self.target.lock().unwrap_or_else(PoisonError::into_inner).take();
        match target {
            None => Ok(()),
            Some(Target::Stdout(mut out)) => out.flush(),
            Some(Target::Device(mut out)) => out.flush(),
            Some(Target::File(out)) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                make_readable(file.as_file())?;
                file.persist(&self.place).map(drop).map_err(|error| error.error)
            }
        }
    }
}

/// Temporary files are private; a report gets the usual rights.
#[cfg(unix)]
fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &File) -> io::Result<()> {
    Ok(())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut *self.target.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(Target::Stdout(out)) => out.write(bytes),
            Some(Target::Device(out)) => out.write(bytes),
            Some(Target::File(out)) => out.write(bytes),
            None => Err(io::Error::other("the output is already finished")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut *self.target.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(Target::Stdout(out)) => out.flush(),
            Some(Target::Device(out)) => out.flush(),
            Some(Target::File(out)) => out.flush(),
            None => Ok(()),
        }
    }
}

/// Writes an output at once.
///
/// # Errors
/// When it can't be written; a file is then as it was.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = Output::create(path)
        .and_then(|output| output.clone().write_all(bytes).and_then(|()| output.finish()));
    written.map_err(|error| write_failure(path, &error))
}

/// Why an output could not be written, for the user.
pub fn write_failure(path: &Path, error: &io::Error) -> Failure {
    let place = if is_dash(path) { "standard output".to_owned() } else { path.display().to_string() };
    let words = match error.kind() {
        io::ErrorKind::BrokenPipe => {
            format!("{place} was closed before everything was written; the output is incomplete")
        }
        io::ErrorKind::StorageFull => format!("{place}: no space left; nothing was left under this name"),
        _ => format!("{place}: can't be written: {error}"),
    };
    Failure::new(words)
}
