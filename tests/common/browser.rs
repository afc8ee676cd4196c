//! A headless Chromium, driven over its `DevTools` protocol. Knows nothing of the
//! pages it opens.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::io::ErrorKind;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// How long anything may take before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(120);

/// A page in a browser of its own.
pub struct Page {
    browser: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    next: u64,
    /// Everything the browser told without being asked.
    pub events: Vec<Value>,
    _profile: tempfile::TempDir,
}

/// The browser, if there is one; with `CHROMIUM` another than that of the path.
pub fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Some(path.into());
    }
    let folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

impl Page {
    /// Opens a file in a new browser and waits until it is loaded.
    pub fn open(chromium: &Path, file: &Path) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let browser = Command::new(chromium)
            .args([
                "--headless=new",
                "--disable-gpu",
                "--no-sandbox",
                "--no-first-run",
                "--disable-extensions",
            ])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--remote-debugging-port=0", "--window-size=1280,900"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        // The browser writes port and path here when it listens.
        let place = profile.path().join("DevToolsActivePort");
        let (port, path) = loop {
            let text = std::fs::read_to_string(&place).unwrap_or_default();
            let mut lines = text.lines();
            if let (Some(port), Some(path)) = (lines.next(), lines.next()) {
                break (port.to_owned(), path.to_owned());
            }
            assert!(begun.elapsed() < PATIENCE, "the browser does not start");
            std::thread::sleep(Duration::from_millis(50));
        };
        let stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (socket, _) = tungstenite::client(format!("ws://127.0.0.1:{port}{path}"), stream).unwrap();
        let mut page =
            Self { browser, socket, session: String::new(), next: 0, events: Vec::new(), _profile: profile };
        let target = page.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attached =
            page.call("Target.attachToTarget", &json!({ "targetId": target["targetId"], "flatten": true }));
        attached["sessionId"].as_str().unwrap().clone_into(&mut page.session);
        for domain in ["Page", "Network", "Runtime", "Log"] {
            page.call(&format!("{domain}.enable"), &json!({}));
        }
        page.go(&format!("file://{}", file.display()));
        page
    }

    /// Goes to an address and waits until it is loaded.
    pub fn go(&mut self, url: &str) {
        self.call("Page.navigate", &json!({ "url": url }));
        self.wait_for("document.readyState === 'complete' && location.protocol !== 'about:'");
    }

    /// Calls a method of the protocol.
    pub fn call(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        let mut request = json!({ "id": id, "method": method, "params": params });
        if !self.session.is_empty() {
            request["sessionId"] = Value::from(self.session.clone());
        }
        self.socket.send(Message::text(request.to_string())).unwrap();
        loop {
            let message = match self.socket.read() {
                Ok(message) => message,
                Err(tungstenite::Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                    panic!("{method}: the page does not answer")
                }
                Err(error) => panic!("{method}: {error}"),
            };
            let Ok(text) = message.to_text() else { continue };
            let Ok(value) = serde_json::from_str::<Value>(text) else { continue };
            if value["id"] == id {
                assert!(value["error"].is_null(), "{method}: {}", value["error"]);
                return value["result"].clone();
            }
            let dialog = value["method"] == "Page.javascriptDialogOpening";
            assert!(!dialog, "a dialog opened: {}", value["params"]["message"]);
            self.events.push(value);
        }
    }

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let params = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", &params);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    pub fn count(&mut self, expression: &str) -> u64 {
        self.value(expression).as_u64().unwrap_or_else(|| panic!("{expression} is no number"))
    }

    pub fn text(&mut self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_else(|| panic!("{expression} is no text")).to_owned()
    }

    /// Waits until an expression is true.
    pub fn wait_for(&mut self, expression: &str) {
        let begun = Instant::now();
        while self.value(expression) != Value::Bool(true) {
            assert!(begun.elapsed() < PATIENCE, "never came true: {expression}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Clicks with the mouse on the middle of the first element.
    pub fn click(&mut self, selector: &str) {
        let place = self.value(&format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{block: 'center'}}); \
             const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let pressed = kind != "mouseMoved";
            self.call(
                "Input.dispatchMouseEvent",
                &json!({
                    "type": kind, "x": place[0], "y": place[1],
                    "button": if pressed { "left" } else { "none" }, "clickCount": u8::from(pressed),
                }),
            );
        }
    }

    /// Presses a key: `Tab`, `Enter`, `Space`.
    pub fn press(&mut self, name: &str) {
        let (key, number, text) = match name {
            "Tab" => ("Tab", 9, ""),
            "Enter" => ("Enter", 13, "\r"),
            "Space" => (" ", 32, " "),
            other => panic!("no key {other}"),
        };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({
                "type": if kind == "keyDown" && text.is_empty() { "rawKeyDown" } else { kind },
                "key": key, "code": name, "windowsVirtualKeyCode": number,
            });
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = Value::from(text);
            }
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Types into what has the focus.
    pub fn type_in(&mut self, text: &str) {
        self.call("Input.insertText", &json!({ "text": text }));
    }

    /// Addresses that the page asked for.
    pub fn requests(&self) -> Vec<String> {
        self.told("Network.requestWillBeSent")
            .map(|event| event["request"]["url"].as_str().unwrap().to_owned())
            .collect()
    }

    /// What the browser told under a name.
    pub fn told(&self, method: &str) -> impl Iterator<Item = &Value> {
        self.events.iter().filter(move |event| event["method"] == method).map(|event| &event["params"])
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}
