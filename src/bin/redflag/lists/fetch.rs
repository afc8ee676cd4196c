//! Fetching files over HTTPS: the only place that opens a connection.
//!
//! Knows addresses and bytes; nothing of lists. The proxy of the environment
//! (`HTTPS_PROXY`, `NO_PROXY`) is used.

use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, Response, StatusCode};
use ureq::{Agent, Body, Error};

use crate::setup::MOST_LIST_BYTES;

/// Bytes of a file at most, unpacked.
const MOST_BYTES: u64 = MOST_LIST_BYTES;
/// Attempts for a file; only failures that may pass are tried again.
const ATTEMPTS: u32 = 4;
/// Wait before the second attempt; doubled before each further one.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const MOST_REDIRECTS: u32 = 5;

/// What the server sent.
pub struct Got {
    pub bytes: Vec<u8>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What is known of the state that is here already.
#[derive(Clone, Copy, Default)]
pub struct Known<'k> {
    pub etag: Option<&'k str>,
    pub last_modified: Option<&'k str>,
}

/// Fetches a file; `None` if it has not changed since the known state.
///
/// # Errors
/// Why nothing came, in words.
pub fn fetch(url: &str, known: Known<'_>, timeout: Duration) -> Result<Option<Got>, String> {
    let agent = agent(url, timeout);
    let start = Instant::now();
    let mut wait = FIRST_WAIT;
    for attempt in 1..=ATTEMPTS {
        let fault = match get(&agent, url, known) {
            Ok(got) => return Ok(got),
            Err(fault) => fault,
        };
        let pause = fault.wait.unwrap_or(wait).min(LONGEST_WAIT);
        if !fault.may_pass || attempt == ATTEMPTS || start.elapsed() + pause > timeout {
            let times = if attempt > 1 { format!(" ({attempt} attempts)") } else { String::new() };
            return Err(format!("{url}: {}{times}", fault.words));
        }
        thread::sleep(pause);
        wait *= 2;
    }
    Err(format!("{url}: nothing came"))
}

fn agent(url: &str, timeout: Duration) -> Agent {
    let config = Agent::config_builder()
        .https_only(url.starts_with("https://"))
        .http_status_as_error(false)
        .max_redirects(MOST_REDIRECTS)
        .timeout_global(Some(timeout))
        .timeout_connect(Some(timeout.min(Duration::from_secs(20))))
        .timeout_recv_response(Some(timeout.min(Duration::from_secs(60))))
        .user_agent(concat!("redflag/", env!("CARGO_PKG_VERSION")))
        .build();
    config.new_agent()
}

/// Why an attempt failed.
struct Fault {
    words: String,
    /// Whether another attempt may do better.
    may_pass: bool,
    /// How long the server asks to wait.
    wait: Option<Duration>,
}

impl Fault {
    fn lasting(words: impl Into<String>) -> Self {
        Self { words: words.into(), may_pass: false, wait: None }
    }

    fn passing(words: impl Into<String>) -> Self {
        Self { may_pass: true, ..Self::lasting(words) }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::Timeout(what) => Self::passing(format!("no answer in time ({what})")),
            Error::Io(_) | Error::HostNotFound | Error::ConnectionFailed | Error::Protocol(_) => {
                Self::passing(error.to_string())
            }
            error => Self::lasting(error.to_string()),
        }
    }
}

fn get(agent: &Agent, url: &str, known: Known<'_>) -> Result<Option<Got>, Fault> {
    let mut request = agent.get(url);
    if let Some(etag) = known.etag {
        request = request.header("If-None-Match", etag);
    }
    if let Some(day) = known.last_modified {
        request = request.header("If-Modified-Since", day);
    }
    let response = request.call().map_err(Fault::from)?;
    match response.status() {
        StatusCode::OK => read(response).map(Some),
        StatusCode::NOT_MODIFIED if known.etag.is_some() || known.last_modified.is_some() => Ok(None),
        status => {
            let words = format!("the server answers {status}");
            let passing = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
            let seconds = header(response.headers(), "retry-after").and_then(|text| text.parse().ok());
            let wait = seconds.map(Duration::from_secs);
            Err(if passing { Fault { wait, ..Fault::passing(words) } } else { Fault::lasting(words) })
        }
    }
}

fn read(mut response: Response<Body>) -> Result<Got, Fault> {
    let etag = header(response.headers(), "etag");
    let last_modified = header(response.headers(), "last-modified");
    let packed = response.headers().contains_key("content-encoding");
    let promised = response.body().content_length().filter(|_| !packed);
    if promised.is_some_and(|length| length > MOST_BYTES) {
        return Err(Fault::lasting(too_long()));
    }
    let mut bytes = Vec::new();
    // One byte more than allowed shows that there is more.
    let mut body = response.body_mut().with_config().limit(MOST_BYTES + 2).reader().take(MOST_BYTES + 1);
    body.read_to_end(&mut bytes).map_err(|error| Fault::passing(format!("cut off: {error}")))?;
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if length > MOST_BYTES {
        return Err(Fault::lasting(too_long()));
    }
    if let Some(promised) = promised.filter(|promised| *promised != length) {
        return Err(Fault::passing(format!("cut off: {length} bytes where {promised} were promised")));
    }
    if bytes.is_empty() {
        return Err(Fault::passing("the file is empty"));
    }
    Ok(Got { bytes, etag, last_modified })
}

fn too_long() -> String {
    format!("longer than {} MB, which no list is", MOST_BYTES >> 20)
}

/// A header that can be sent back as it came.
fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (!text.is_empty() && text.len() <= 512).then(|| text.to_owned())
}
