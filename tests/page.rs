//! The HTML report of `screen` in a real browser. Skipped, with a word, where no
//! Chromium is installed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

#[path = "common/browser.rs"]
mod browser;
mod common;

use std::path::{Path, PathBuf};

use browser::{Page, chromium};
use common::{code, folder, path, redflag, stderr};

/// The browser, or a word that there is none.
fn browser() -> Option<PathBuf> {
    let found = chromium();
    if found.is_none() {
        eprintln!("skipped: no Chromium on the path; install one, or name it in CHROMIUM");
    }
    found
}

fn report(folder: &Path, csv: &str) -> PathBuf {
    let (input, output) = (folder.join("in.csv"), folder.join("report.html"));
    std::fs::write(&input, csv).unwrap();
    let spec = format!("html={}", path(&output));
    let done = redflag(&["screen", path(&input), "--as-of", "2026-08-15", "--output", &spec]);
    assert!([0, 3].contains(&code(&done)), "{}", stderr(&done));
    output
}

/// A thousand shipments with a finding each, one of them a block.
fn thousand(folder: &Path) -> PathBuf {
    let mut csv = String::from("Shipment No,Consignee,Consignee Country,Goods Description,HTS,Destination\n");
    for number in 1..=1000 {
        let consignee = if number == 500 { "Jatronics Sdn Bhd" } else { "Ala-Too Elektronika OsOO" };
        csv.push_str(&format!(
            "P-{number:04},{consignee} {number},Kyrgyzstan,Processors,8542.31,Kyrgyzstan\n"
        ));
    }
    report(folder, &csv.replace("Jatronics Sdn Bhd 500", "Jatronics Sdn Bhd"))
}

const SHOWN: &str = "document.querySelectorAll('article.shipment:not([hidden])').length";

fn asks_for_nothing(page: &Page, file: &Path) {
    let own = format!("file://{}", file.display());
    for url in page.requests() {
        assert_eq!(url.split('#').next().unwrap(), own, "the page asked for {url}");
    }
}

#[test]
fn a_thousand_findings_are_filtered_searched_and_opened_with_the_mouse() {
    let Some(chromium) = browser() else { return };
    let folder = folder("page_mouse");
    let file = thousand(&folder);
    let mut page = Page::open(&chromium, &file);
    assert_eq!(page.text("document.getElementById('status').textContent"), "1000 flagged");
    assert_eq!(page.count(SHOWN), 1000);
    let blocked = page.count("document.querySelectorAll('article[data-v=block]').length");
    assert_eq!(blocked, 1);

    page.click("input[name=v][value=block]");
    page.wait_for(&format!("{SHOWN} === 1"));
    assert!(
        page.text("document.getElementById('status').textContent").starts_with("1 of 1000 flagged shown")
    );
    assert!(page.text("location.hash").contains("v=block"), "the view can be sent to a colleague");
    page.click("input[name=v][value=block]");
    page.wait_for(&format!("{SHOWN} === 1000"));

    page.click("input[name=q]");
    page.type_in("p-0777");
    page.wait_for(&format!("{SHOWN} === 1"));
    let card = "article.shipment:not([hidden])";
    assert_eq!(page.text(&format!("document.querySelector('{card} h3').textContent")), "P-0777");
    let open = format!("document.querySelector('{card} > details').open");
    if page.value(&open) == true {
        page.click(&format!("{card} > details > summary"));
        page.wait_for(&format!("!{open}"));
    }
    page.click(&format!("{card} > details > summary"));
    page.wait_for(&open);
    assert!(page.count(&format!("document.querySelector('{card} .evidence').offsetHeight")) > 0);
    assert!(page.text(&format!("document.querySelector('{card} .reasons').textContent")).contains("Why"));

    // What the eye would call lag, told and not judged: machines differ.
    let took = page.value(
        "(async () => { const q = document.querySelector('input[name=q]'), s = document.getElementById('status'); \
         q.value = 'elektronika p-099'; const begun = performance.now(); q.dispatchEvent(new Event('input', {bubbles: true})); \
         const before = s.textContent; while (s.textContent === before) await new Promise(requestAnimationFrame); \
         return performance.now() - begun; })()",
    );
    eprintln!("1,000 findings: a search shows after {took} ms, 120 of them the wait for the next key");
    page.wait_for(&format!("{SHOWN} === 10"));
    page.click("button[type=reset]");
    page.wait_for(&format!("{SHOWN} === 1000"));
    asks_for_nothing(&page, &file);
    assert_eq!(
        page.told("Log.entryAdded").count(),
        0,
        "{:?}",
        page.told("Log.entryAdded").collect::<Vec<_>>()
    );
    assert_eq!(page.told("Runtime.exceptionThrown").count(), 0);
}

#[test]
fn the_keyboard_is_enough() {
    let Some(chromium) = browser() else { return };
    let folder = folder("page_keys");
    let file = thousand(&folder);
    let mut page = Page::open(&chromium, &file);
    let focus = "document.activeElement";
    page.press("Tab");
    assert_eq!(page.text(&format!("{focus}.className")), "skip", "the first stop leads past the figures");
    page.press("Enter");
    page.press("Tab");
    assert_eq!(page.text(&format!("{focus}.name")), "q");
    let marked = format!(
        "getComputedStyle({focus}).outlineStyle !== 'none' || getComputedStyle({focus}).boxShadow !== 'none'"
    );
    assert_eq!(page.value(&marked), true, "the focus shows");
    page.type_in("p-0500");
    page.wait_for(&format!("{SHOWN} === 1"));
    // On to the card: every stop on the way shows.
    let mut stops = 0;
    while page.value(&format!("{focus}.tagName === 'SUMMARY' && !!{focus}.closest('article.shipment')"))
        != true
    {
        page.press("Tab");
        stops += 1;
        assert!(stops < 40, "no way to the findings by Tab");
        assert_eq!(page.value(&marked), true, "{}", page.text(&format!("{focus}.outerHTML")));
    }
    let open = format!("{focus}.parentElement.open");
    let before = page.value(&open).as_bool().unwrap();
    page.press("Enter");
    page.wait_for(&format!("{open} === {}", !before));
    page.press("Space");
    page.wait_for(&format!("{open} === {before}"));

    // A filter by its checkbox.
    page.value("document.querySelector('input[name=v][value=hold]').focus()");
    page.press("Space");
    page.wait_for(&format!("{SHOWN} === 0"));
    assert_eq!(page.value("document.getElementById('none').hidden"), false, "nothing left is told");
}

#[test]
fn what_decisions_clear_is_counted_apart() {
    let Some(chromium) = browser() else { return };
    let folder = folder("page_cleared");
    let (baseline, output) = (folder.join("baseline.toml"), folder.join("report.html"));
    let sample = ["check", "samples/shipments/demo.csv", "--as-of", "2026-08-15"];
    let written = redflag(&[&sample[..], &["--write-baseline", path(&baseline)]].concat());
    assert_eq!(code(&written), 0, "{}", stderr(&written));
    let spec = format!("html={}", path(&output));
    let with = ["--baseline", path(&baseline), "--output", spec.as_str()];
    let done = redflag(&[&sample[..], &with[..]].concat());
    // A block is never in a baseline.
    assert_eq!(code(&done), 1, "{}", stderr(&done));
    let mut page = Page::open(&chromium, &output);
    let count = |page: &mut Page, which: &str| {
        page.count(&format!("document.querySelectorAll('article.shipment{which}').length"))
    };
    let cleared = count(&mut page, "[data-v=clear]");
    let flagged = count(&mut page, "") - cleared;
    assert!(cleared > 0 && flagged > 0, "{cleared} {flagged}");
    let status = "document.getElementById('status').textContent";
    assert_eq!(page.text(status), format!("{flagged} flagged, {cleared} cleared by decision"));
    let summary = page.text("document.querySelector('section.summary').textContent");
    assert!(summary.contains("cleared by baseline") && summary.contains("clear only so"), "{summary}");
    // Leads to where they stand, and the filter keeps the two apart.
    assert!(
        page.text("document.getElementById('cleared').textContent")
            .starts_with(&format!("{cleared} cleared"))
    );
    page.click("a[href='#cleared']");
    page.click("input[name=v][value=clear]");
    page.wait_for(&format!(
        "{status}.startsWith('0 of {flagged} flagged shown, {cleared} of {cleared} cleared')"
    ));
    both_readable(&mut page);
}

/// Texts whose contrast with what is behind them is below 4.5 (WCAG 2, AA), or
/// below 3 for large ones.
const PALE: &str = r"(() => {
  const part = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (css) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), rgba(getComputedStyle(document.documentElement).colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches ? '#121212' : '#fff'));
  };
  const found = new Set();
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || node.closest('svg') || node.closest('[hidden]') || node.offsetHeight === 0) continue;
    const style = getComputedStyle(node);
    const back = behind(node);
    let front = rgba(style.color);
    for (let at = node; at; at = at.parentElement) front[3] *= getComputedStyle(at).opacity;
    front = over(front, back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (node.className !== 'skip' && ratio < (large ? 3 : 4.5)) found.add(`${node.tagName}.${node.className} ${ratio.toFixed(2)}`);
  }
  return [...found].join('; ');
})()";

#[test]
fn light_and_dark_are_both_readable() {
    let Some(chromium) = browser() else { return };
    let folder = folder("page_dark");
    let output = folder.join("report.html");
    let spec = format!("html={}", path(&output));
    let files = ["samples/shipments/demo.csv", "samples/shipments/broken.csv", "samples/shipments/clean.csv"];
    let done = redflag(&["screen", files[0], files[1], files[2], "--as-of", "2026-08-15", "--output", &spec]);
    assert_eq!(code(&done), 3, "{}", stderr(&done));
    both_readable(&mut Page::open(&chromium, &output));
}

fn both_readable(page: &mut Page) {
    let mut backs = Vec::new();
    for scheme in ["light", "dark"] {
        let features =
            serde_json::json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        page.call("Emulation.setEmulatedMedia", &features);
        page.value("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
        let too_weak = page.text(PALE);
        assert_eq!(too_weak, "", "{scheme}");
        backs.push(page.text("getComputedStyle(document.body).backgroundColor"));
    }
    assert_ne!(backs[0], backs[1], "the page follows the scheme");
}

#[test]
fn a_malicious_file_executes_nothing_and_reaches_nothing() {
    let Some(chromium) = browser() else { return };
    let folder = folder("page_hostile");
    let payloads = [
        "<img src=x onerror=window.pwned=1>",
        "<script>window.pwned=1</script>",
        "\"><svg onload=window.pwned=1>",
        "javascript:window.pwned=1",
        "' onmouseover='window.pwned=1",
        "</style><style>body{display:none}</style>",
        "</script><script>window.pwned=1</script>",
        "<iframe src=\"https://example.com/\"></iframe>",
        "<a href=https://example.com/ id=filters>x</a>",
        "<form id=filters><input name=q></form>",
        "{{constructor.constructor('window.pwned=1')()}}",
        "&#60;script&#62;window.pwned=1&#60;/script&#62;",
        "<meta http-equiv=refresh content=\"0;url=https://example.com/\">",
        "<base href=https://example.com/>",
    ];
    let header = "Shipment No,Consignee,Consignee Address,Consignee City,Consignee Country,Goods Description,Part Number,HTS,Destination,End Use,\"<b onclick=window.pwned=1>Extra</b>\"\n";
    let mut csv = header.to_owned();
    for (number, payload) in payloads.iter().enumerate() {
        let cell = format!("\"{}\"", payload.replace('"', "\"\""));
        csv.push_str(&format!(
            "{cell},{cell},{cell},{cell},Kyrgyzstan,{cell},{cell},8542.31,Kyrgyzstan,{cell},{cell}\n"
        ));
        // And in cells that can't be read, which the report quotes.
        csv.push_str(&format!("U-{number},{cell},,,{cell},{cell},,{cell},{cell},,\n{cell}\n"));
        csv.push_str(
            &format!("L-{number},Jatronics Sdn Bhd {cell},,,Malaysia,x,,8542.31,Kyrgyzstan,,\n")
                .replace(&format!(" {cell}"), ""),
        );
    }
    let file = report(&folder, &csv);
    let mut page = Page::open(&chromium, &file);
    let cards = page.count("document.querySelectorAll('article.shipment').length");
    assert!(cards >= u64::try_from(payloads.len() * 2).unwrap(), "{cards}");
    page.click("button[data-do=open]");
    for number in 0..40 {
        page.value(&format!(
            "(() => {{ const e = document.querySelectorAll('bdi')[{number} * 7]; if (e) e.scrollIntoView(); }})()"
        ));
        page.call(
            "Input.dispatchMouseEvent",
            &serde_json::json!({ "type": "mouseMoved", "x": 200, "y": 15 + number * 20 }),
        );
    }
    assert_eq!(page.value("window.pwned === undefined"), true);
    assert_eq!(page.count("document.scripts.length"), 1);
    assert_eq!(page.count("document.querySelectorAll('style').length"), 1);
    assert_eq!(
        page.count("document.querySelectorAll('img, iframe, object, embed, base, link, meta[http-equiv=refresh], form:not(#filters)').length"),
        0
    );
    assert_eq!(page.count("document.querySelectorAll('#filters').length"), 1);
    let handlers = "[...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => a.name.startsWith('on'))).length";
    assert_eq!(page.count(handlers), 0);
    let links = "[...document.querySelectorAll('a[href]')].filter((a) => !/^(#|https?:)/.test(a.getAttribute('href'))).length";
    assert_eq!(page.count(links), 0);
    assert_eq!(page.text("getComputedStyle(document.body).display"), "block");
    // Shown as what they are.
    assert!(page.text("document.body.textContent").contains("<img src=x onerror=window.pwned=1>"));
    asks_for_nothing(&page, &file);
    // Nothing was even tried: the policy had nothing to stop.
    let tried: Vec<_> = page.told("Log.entryAdded").collect();
    assert!(tried.is_empty(), "{tried:?}");
    assert!(page.text("location.href").starts_with("file://"));
}
