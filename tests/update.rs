//! `lists update` against a server on this machine that misbehaves in every
//! way, and the store under kills and rivals: whatever comes, the store is
//! good afterwards.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use redflag::store::{Attempt, Store};

/// What the server does with one request; it may look at the request's head.
type Behaviour = Box<dyn FnMut(&str, &mut TcpStream) -> std::io::Result<()> + Send>;

struct Server {
    address: String,
    behaviour: Arc<Mutex<Behaviour>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let behaviour: Arc<Mutex<Behaviour>> = Arc::new(Mutex::new(Box::new(|_, _| Ok(()))));
        let shared = Arc::clone(&behaviour);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let mut head = String::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                while let Ok(read) = reader.read_line(&mut head) {
                    if read == 0 || head.ends_with("\r\n\r\n") {
                        break;
                    }
                }
                // A client that hangs up is no failure of the server.
                let _ = shared.lock().unwrap()(&head, &mut stream);
            }
        });
        Self { address, behaviour }
    }

    fn now(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }
}

fn respond(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n")?;
    stream.write_all(body)
}

fn serve(body: impl Into<Vec<u8>>) -> Behaviour {
    let body = body.into();
    Box::new(move |_, stream| respond(stream, "200 OK", "", &body))
}

/// A list of so many entries, of a day in 2026.
fn list(id: &str, day: &str, entries: usize) -> String {
    let mut text = format!(
        "list = {{ id = \"{id}\", title = \"Test\", jurisdiction = \"US\", regime = \"unilateral\", \
         effect = \"blocking\", authority = \"a\", date = {day} }}\nentry = [\n"
    );
    for number in 0..entries {
        let program = if number % 2 == 0 { "EVEN" } else { "ODD" };
        let _ =
            writeln!(text, "  {{ id = \"{number}\", name = \"Party {number}\", program = \"{program}\" }},");
    }
    text.push_str("]\n");
    text
}

const ENTRIES: usize = 200;
const FIRST: &str = "2026-03-01";
const NEXT: &str = "2026-03-08";

/// A project with one source, in a folder of its own.
struct Project {
    folder: PathBuf,
}

impl Project {
    fn new(name: &str, address: &str, more: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("update").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let config = format!(
            "[lists]\nshipped = false\nstore = \"store\"\nsources = [\"test\"]\n\n[[source]]\nid = \"test\"\n\
             url = \"http://{address}/list.toml\"\nexpected = 100\nmust_have = [\"PARTY 7\"]\n{more}"
        );
        fs::write(folder.join("redflag.toml"), config).unwrap();
        Self { folder }
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redflag"));
        command.args(args).current_dir(&self.folder).stdin(Stdio::null());
        command
            .env("REDFLAG_CACHE", self.folder.join("cache"))
            .env_remove("REDFLAG_STORE")
            .env("NO_PROXY", "127.0.0.1")
            .env_remove("HTTP_PROXY");
        command.env_remove("http_proxy").env_remove("ALL_PROXY").env_remove("all_proxy");
        command
    }

    fn update(&self) -> Output {
        self.run(&["lists", "update", "--timeout", "3"])
    }

    fn store(&self) -> Store {
        Store::new(self.folder.join("store"))
    }

    /// The entries of the edition in use, after every file was checked.
    fn entries(&self) -> usize {
        let (_, problems) = self.store().verify().unwrap();
        assert!(problems.is_empty(), "{}: {problems:?}", self.folder.display());
        self.store().current("test").unwrap().map_or(0, |record| record.entries())
    }

    fn attempt(&self) -> Attempt {
        self.store().state("test").unwrap().attempt
    }
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn gzip_bomb() -> Vec<u8> {
    use flate2::{Compression, write::GzEncoder};
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..300 {
        encoder.write_all(&zeros).unwrap();
    }
    encoder.finish().unwrap()
}

#[expect(clippy::too_many_lines, reason = "a table")]
/// Name, what the server does, and how the attempt must end.
fn misbehaviours() -> Vec<(&'static str, Behaviour, Attempt)> {
    let good = || list("test", NEXT, ENTRIES);
    vec![
        (
            "a-slow-server",
            Box::new(|_: &str, s: &mut TcpStream| {
                s.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")?;
                for _ in 0..100 {
                    s.write_all(b"a")?;
                    thread::sleep(Duration::from_millis(100));
                }
                Ok(())
            }) as Behaviour,
            Attempt::Failed,
        ),
        (
            "no-answer-at-all",
            Box::new(|_: &str, _: &mut TcpStream| {
                thread::sleep(Duration::from_secs(4));
                Ok(())
            }),
            Attempt::Failed,
        ),
        (
            "cut-off-in-the-middle",
            Box::new(move |_: &str, s: &mut TcpStream| {
                let body = good();
                write!(s, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len())?;
                s.write_all(&body.as_bytes()[..body.len() / 2])
            }),
            Attempt::Failed,
        ),
        (
            "cut-off-without-a-length",
            Box::new(move |_: &str, s: &mut TcpStream| {
                let body = good();
                s.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
                s.write_all(&body.as_bytes()[..body.len() / 2])
            }),
            Attempt::Refused,
        ),
        (
            "a-length-that-is-too-short",
            Box::new(move |_: &str, s: &mut TcpStream| {
                let body = good();
                write!(
                    s,
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                    body.len() / 2
                )?;
                s.write_all(body.as_bytes())
            }),
            Attempt::Refused,
        ),
        (
            "a-length-of-ten-gigabytes",
            Box::new(|_: &str, s: &mut TcpStream| {
                s.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
            }),
            Attempt::Failed,
        ),
        (
            "a-redirect-loop",
            Box::new(|_: &str, s: &mut TcpStream| respond(s, "302 Found", "Location: /list.toml\r\n", b"")),
            Attempt::Failed,
        ),
        (
            "a-redirect-to-a-file",
            Box::new(|_: &str, s: &mut TcpStream| {
                respond(s, "302 Found", "Location: file:///etc/passwd\r\n", b"")
            }),
            Attempt::Failed,
        ),
        (
            "unchanged-without-having-asked",
            Box::new(|_: &str, s: &mut TcpStream| respond(s, "304 Not Modified", "", b"")),
            Attempt::Failed,
        ),
        (
            "server-errors-only",
            Box::new(|_: &str, s: &mut TcpStream| respond(s, "500 Internal Server Error", "", b"oh no")),
            Attempt::Failed,
        ),
        (
            "busy-for-an-hour",
            Box::new(|_: &str, s: &mut TcpStream| {
                respond(s, "503 Service Unavailable", "Retry-After: 3600\r\n", b"")
            }),
            Attempt::Failed,
        ),
        (
            "not-found",
            Box::new(|_: &str, s: &mut TcpStream| respond(s, "404 Not Found", "", b"gone")),
            Attempt::Failed,
        ),
        (
            "an-error-page-as-success",
            serve("<!DOCTYPE html><html><body>Maintenance</body></html>"),
            Attempt::Refused,
        ),
        ("an-empty-file", serve(""), Attempt::Failed),
        (
            "a-gzip-bomb",
            {
                let bomb = gzip_bomb();
                Box::new(move |_: &str, s: &mut TcpStream| {
                    respond(s, "200 OK", "Content-Encoding: gzip\r\n", &bomb)
                })
            },
            Attempt::Failed,
        ),
        (
            "broken-gzip",
            Box::new(|_: &str, s: &mut TcpStream| {
                respond(s, "200 OK", "Content-Encoding: gzip\r\n", b"not gzip at all")
            }),
            Attempt::Failed,
        ),
        (
            "broken-chunks",
            Box::new(|_: &str, s: &mut TcpStream| {
                s.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\nlist\r\n0\r\n\r\n")
            }),
            Attempt::Failed,
        ),
        (
            "no-http-at-all",
            Box::new(|_: &str, s: &mut TcpStream| s.write_all(b"220 ftp.example ready\r\n")),
            Attempt::Failed,
        ),
        (
            "endless-headers",
            Box::new(|_: &str, s: &mut TcpStream| {
                s.write_all(b"HTTP/1.1 200 OK\r\n")?;
                for number in 0..20_000 {
                    write!(s, "X-{number}: {}\r\n", "y".repeat(50))?;
                }
                Ok(())
            }),
            Attempt::Failed,
        ),
        ("an-older-file", serve(list("test", "2025-12-01", ENTRIES + 1)), Attempt::Refused),
        ("a-file-from-the-future", serve(list("test", "2099-01-01", ENTRIES)), Attempt::Refused),
        ("a-tenth-of-the-entries-gone", serve(list("test", NEXT, ENTRIES * 9 / 10)), Attempt::Refused),
        ("hardly-any-entries", serve(list("test", NEXT, 8)), Attempt::Refused),
        ("another-list", serve(list("other", NEXT, ENTRIES)), Attempt::Refused),
        ("a-programme-gone", serve(good().replace("\"ODD\"", "\"EVEN\"")), Attempt::Refused),
        ("the-must-have-gone", serve(good().replace("\"Party 7\"", "\"Party X\"")), Attempt::Refused),
        ("nothing-but-binary", serve(vec![0xff, 0xfe, 0x00, 0x12, 0x80, 0x81]), Attempt::Refused),
        ("one-broken-entry", serve(good().replace("\"Party 9\"", "\"\"")), Attempt::Refused),
        (
            "an-entity-bomb",
            serve(
                "<?xml version=\"1.0\"?><!DOCTYPE sdnList [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><sdnList xmlns=\"http://tempuri.org/sdnList.xsd\">&b;</sdnList>",
            ),
            Attempt::Refused,
        ),
        ("deep-nesting", serve(format!("{{\"results\": {}", "[".repeat(200_000))), Attempt::Refused),
    ]
}

#[test]
fn the_store_is_good_after_every_misbehaviour_of_a_server() {
    let cases: Vec<_> = misbehaviours();
    assert!(cases.len() >= 20);
    let queue = Arc::new(Mutex::new(cases));
    let workers: Vec<_> = (0..6)
        .map(|_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || {
                loop {
                    let Some((name, behaviour, end)) = queue.lock().unwrap().pop() else { return };
                    misbehave(name, behaviour, end);
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
}

fn misbehave(name: &str, behaviour: Behaviour, end: Attempt) {
    let server = Server::start();
    let project = Project::new(name, &server.address, "");
    server.now(serve(list("test", FIRST, ENTRIES)));
    let first = project.update();
    assert!(first.status.success(), "{name}: {}", words(&first));
    let edition = project.store().current("test").unwrap().unwrap().edition;
    server.now(behaviour);
    let start = Instant::now();
    let bad = project.update();
    assert_eq!(bad.status.code(), Some(2), "{name}: {}", words(&bad));
    assert!(start.elapsed() < Duration::from_secs(60), "{name}: took {:?}", start.elapsed());
    assert_eq!(project.attempt(), end, "{name}: {}", words(&bad));
    assert_eq!(project.entries(), ENTRIES, "{name}");
    assert_eq!(project.store().current("test").unwrap().unwrap().edition, edition, "{name}");
    // And what is good afterwards is taken.
    server.now(serve(list("test", NEXT, ENTRIES + 3)));
    let good = project.update();
    assert!(good.status.success(), "{name}: {}", words(&good));
    assert_eq!((project.entries(), project.attempt()), (ENTRIES + 3, Attempt::Taken), "{name}");
}

#[test]
fn an_unchanged_file_is_not_sent_again_and_confirms_the_edition() {
    let server = Server::start();
    let project = Project::new("conditional", &server.address, "");
    let body = list("test", FIRST, ENTRIES);
    let sent = Arc::new(Mutex::new(0));
    let count = Arc::clone(&sent);
    server.now(Box::new(move |head, stream| {
        if head.to_lowercase().contains("if-none-match: \"v1\"") {
            return respond(stream, "304 Not Modified", "ETag: \"v1\"\r\n", b"");
        }
        *count.lock().unwrap() += 1;
        respond(stream, "200 OK", "ETag: \"v1\"\r\n", body.as_bytes())
    }));
    assert!(project.update().status.success());
    assert!(project.update().status.success());
    assert_eq!((*sent.lock().unwrap(), project.attempt()), (1, Attempt::Unchanged));
    assert_eq!(project.store().editions("test").unwrap().len(), 1);
}

#[test]
fn a_server_that_recovers_is_asked_again() {
    let server = Server::start();
    let project = Project::new("recovers", &server.address, "");
    let body = list("test", FIRST, ENTRIES);
    let mut asked = 0;
    server.now(Box::new(move |_, stream| {
        asked += 1;
        if asked == 1 {
            return respond(stream, "500 Internal Server Error", "", b"");
        }
        respond(stream, "200 OK", "", body.as_bytes())
    }));
    let output = project.update();
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(project.entries(), ENTRIES);
}

#[test]
fn a_refused_edition_is_taken_for_a_reason_that_stays_on_record() {
    let server = Server::start();
    let project = Project::new("accept", &server.address, "");
    server.now(serve(list("test", FIRST, ENTRIES)));
    assert!(project.update().status.success());
    server.now(serve(list("test", NEXT, 150)));
    assert!(!project.update().status.success());
    let diff = project.run(&["lists", "diff", "test", "test@refused"]);
    assert!(words(&diff).contains("test: 0 added, 50 removed, 0 changed, 150 unchanged"), "{}", words(&diff));
    let status = project.run(&["lists", "status", "--as-of", "2026-03-09"]);
    assert!(words(&status).contains("STALE: a newer edition was refused"), "{}", words(&status));
    let accept = ["lists", "update", "--timeout", "3", "--accept", "the programme ended on 1 March"];
    let taken = project.run(&accept);
    assert!(taken.status.success(), "{}", words(&taken));
    assert_eq!(project.entries(), 150);
    let status = words(&project.run(&["lists", "status", "--as-of", "2026-03-09"]));
    assert!(status.contains("the programme ended on 1 March") && !status.contains("STALE"), "{status}");
}

#[test]
fn a_project_screens_against_the_pinned_editions_only() {
    let server = Server::start();
    let project = Project::new("pins", &server.address, "");
    server.now(serve(list("test", FIRST, ENTRIES)));
    assert!(project.update().status.success());
    let lock = fs::read_to_string(project.folder.join("lists.lock")).unwrap();
    server.now(serve(list("test", NEXT, ENTRIES + 5)));
    assert!(project.update().status.success());
    assert_ne!(fs::read_to_string(project.folder.join("lists.lock")).unwrap(), lock);
    // The old pin brings the old edition back.
    fs::write(project.folder.join("lists.lock"), &lock).unwrap();
    let status = |more: &[&str]| {
        let mut args = vec!["lists", "status", "--as-of", "2026-03-09"];
        args.extend(more);
        project.run(&args)
    };
    for more in [&[][..], &["--locked"], &["--frozen"]] {
        assert!(words(&status(more)).contains("200 entries"), "{}", words(&status(more)));
    }
    // A pin that the store does not hold, or holds with other bytes, stops.
    let edition = project.store().editions("test").unwrap()[0].clone();
    let file = project.folder.join("store/test/editions").join(&edition).join("list.toml");
    let same_length = fs::read_to_string(&file).unwrap().replace("Party 1\"", "Party Z\"");
    fs::write(&file, same_length).unwrap();
    assert!(status(&["--locked"]).status.success());
    assert_eq!(status(&["--frozen"]).status.code(), Some(2));
    assert_eq!(project.run(&["lists", "verify"]).status.code(), Some(2));
    fs::remove_file(project.folder.join("lists.lock")).unwrap();
    assert_eq!(status(&["--locked"]).status.code(), Some(2));
}

#[test]
fn a_stale_list_fails_the_gate_until_a_reason_is_given() {
    let server = Server::start();
    let project = Project::new("stale", &server.address, "max_age_days = 5\n");
    server.now(serve(list("test", FIRST, ENTRIES)));
    assert!(project.update().status.success());
    fs::write(project.folder.join("s.csv"), "reference,consignee,destination\nA,Quorvex Tools Ltd,DE\n")
        .unwrap();
    let check = |more: &[&str]| {
        let mut args = vec!["check", "s.csv", "--fail-on", "block"];
        args.extend(more);
        project.run(&args)
    };
    assert_eq!(check(&[]).status.code(), Some(0), "{}", words(&check(&[])));
    // Long after the last confirmation it is too old.
    assert_eq!(check(&["--as-of", "2099-01-01"]).status.code(), Some(4));
    server.now(serve(list("test", NEXT, 3)));
    assert!(!project.update().status.success());
    let stale = check(&[]);
    assert_eq!(stale.status.code(), Some(4), "{:?} {}", stale.status, words(&stale));
    let allowed = check(&["--allow-old-lists", "the publisher is warned"]);
    assert_eq!(allowed.status.code(), Some(0));
    let report = words(&allowed).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(report.contains("the publisher is warned"), "{report}");
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_edition_or_the_new_one() {
    let project = Project::new("kill", "127.0.0.1:9", "");
    let file = |number: usize| {
        let path = project.folder.join(format!("{number}.toml"));
        fs::write(&path, list("test", "2026-03-01", ENTRIES + number)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let import = |file: &str| {
        project.command(&["lists", "import", "--source", "test", file]).stderr(Stdio::null()).spawn().unwrap()
    };
    let start = Instant::now();
    assert!(import(&file(0)).wait().unwrap().success());
    let whole = start.elapsed();
    let mut entries = ENTRIES;
    let (mut killed, mut finished) = (0, 0);
    // From well before the writing to well behind it; the longer while the
    // machine is busy with other tests.
    let mut reach = whole;
    for number in 1..=400 {
        let mut child = import(&file(number));
        thread::sleep(reach * u32::try_from(number % 40).unwrap() / 32);
        child.kill().unwrap();
        let done = child.wait().unwrap().success();
        let now = project.entries();
        assert!(now == entries || now == ENTRIES + number, "{number}: {now} after {entries}");
        assert!(!done || now == ENTRIES + number, "{number}");
        (killed, finished) = if done { (killed, finished + 1) } else { (killed + 1, finished) };
        entries = now;
        if number % 40 == 0 {
            if killed >= 80 && finished >= 10 {
                break;
            }
            reach = if finished * 4 < number { reach * 3 / 2 } else { reach * 2 / 3 };
        }
    }
    assert!(killed >= 80 && finished >= 10, "{killed} killed, {finished} finished");
    // What the kills left behind is swept away by the next edition.
    assert!(import(&file(900)).wait().unwrap().success());
    assert_eq!(project.entries(), ENTRIES + 900);
    let left = fs::read_dir(project.folder.join("store/test/editions")).unwrap();
    assert!(left.filter_map(Result::ok).all(|entry| !entry.file_name().to_string_lossy().starts_with('.')));
}

#[test]
fn rivals_do_not_hurt_each_other() {
    let project = Project::new("rivals", "127.0.0.1:9", "");
    let file = |number: usize| {
        let path = project.folder.join(format!("{number}.toml"));
        fs::write(&path, list("test", FIRST, ENTRIES + number)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let import = |file: &str| {
        project.command(&["lists", "import", "--source", "test", file]).stderr(Stdio::null()).spawn().unwrap()
    };
    for round in 0..5 {
        let files: Vec<String> = (0..4).map(|rival| file(round * 4 + rival)).collect();
        let rivals: Vec<_> = files.iter().map(|file| import(file)).collect();
        for mut rival in rivals {
            assert!(rival.wait().unwrap().success());
        }
        let now = project.entries();
        assert!((ENTRIES + round * 4..ENTRIES + round * 4 + 4).contains(&now), "{now}");
    }
}

#[test]
fn a_store_moves_to_a_machine_without_a_network_and_prunes() {
    let project = Project::new("moves", "127.0.0.1:9", "");
    let mut last = String::new();
    for number in 0..4 {
        let path = project.folder.join(format!("{number}.toml"));
        fs::write(&path, list("test", FIRST, ENTRIES + number)).unwrap();
        let output = project.run(&["lists", "import", "--source", "test", path.to_str().unwrap()]);
        assert!(output.status.success(), "{}", words(&output));
        last = project.store().current("test").unwrap().unwrap().edition;
    }
    let other = Project::new("moved", "127.0.0.1:9", "");
    let output = other.run(&["lists", "import", project.folder.join("store").to_str().unwrap()]);
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!((other.entries(), other.store().editions("test").unwrap().len()), (ENTRIES + 3, 4));
    assert_eq!(other.store().current("test").unwrap().unwrap().edition, last);
    let dry = other.run(&["lists", "prune", "--keep", "1", "--dry-run"]);
    assert!(words(&dry).contains("3 editions"), "{}", words(&dry));
    assert_eq!(other.store().editions("test").unwrap().len(), 4);
    assert!(other.run(&["lists", "prune", "--keep", "0"]).status.success());
    assert_eq!(other.store().editions("test").unwrap(), [last]);
    // A damaged store is not taken over.
    let bad = project.store().editions("test").unwrap()[0].clone();
    damage(&project.folder.join("store/test/editions").join(bad).join("0.toml"));
    let output = other.run(&["lists", "import", project.folder.join("store").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "{}", words(&output));
}

fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_warm_start_says_what_a_cold_one_says_and_never_trusts_a_damaged_file() {
    let project = Project::new("warm", "127.0.0.1:9", "");
    let import = |number: usize| {
        let path = project.folder.join(format!("{number}.toml"));
        fs::write(&path, list("test", FIRST, ENTRIES + number)).unwrap();
        assert!(
            project.run(&["lists", "import", "--source", "test", path.to_str().unwrap()]).status.success()
        );
    };
    import(0);
    fs::write(project.folder.join("s.csv"), "reference,consignee,destination\nA,Party 150,DE\n").unwrap();
    let screen = || {
        let output = project.run(&["screen", "s.csv", "--as-of", "2026-03-09", "-o", "jsonl=-"]);
        assert!(output.status.success(), "{}", words(&output));
        output.stdout
    };
    let compiled = || {
        let mut files: Vec<PathBuf> =
            fs::read_dir(project.folder.join("cache")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    };
    let cold = screen();
    let [file] = compiled().try_into().unwrap();
    assert_eq!(screen(), cold);
    damage(&file);
    let damaged = fs::read(&file).unwrap();
    assert_eq!(screen(), cold);
    assert_ne!(fs::read(&file).unwrap(), damaged, "the damaged file was not replaced");
    // Another edition is another file.
    import(1);
    assert_ne!(screen(), cold);
    assert_eq!(compiled().len(), 2);
}
