//! The promises of the page: self-contained, escaped, in order.

use super::base64;
use crate::report::fixture::{HOSTILE, clear, header, outcomes, written};
use crate::report::{Format, Options};

fn page(options: &Options) -> String {
    written(Format::Html, options, &header(), &outcomes())
}

#[test]
fn base64_is_that_of_the_standard() {
    for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
        assert_eq!(base64(bytes.as_bytes()), text);
    }
}

#[test]
fn the_page_asks_for_nothing_from_outside() {
    let page = page(&Options::default());
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
    for asks in [" src=", "@import", "url(", "<link", "<iframe", "<img", "fetch(", "XMLHttpRequest"] {
        assert!(!page.contains(asks), "{asks}");
    }
}

#[test]
fn the_policy_names_the_style_and_script_that_stand_in_the_page() {
    use sha2::{Digest, Sha256};
    let page = page(&Options::default());
    for (open, close) in [("<style>", "</style>"), ("<script>", "</script>")] {
        let (_, rest) = page.split_once(open).unwrap();
        let (inside, _) = rest.split_once(close).unwrap();
        let hash = base64(&Sha256::digest(inside));
        assert!(page.contains(&format!("sha256-{hash}")), "{open} {hash}");
    }
    assert!(!page.contains(" style=\"") && !page.contains(" onclick="));
}

#[test]
fn the_worst_stand_first() {
    let page = page(&Options::default());
    let places: Vec<usize> = ["unscreened", "block", "hold", "note", "clear"]
        .iter()
        .map(|verdict| page.find(&format!("<section class=\"group\" id=\"{verdict}\"")).unwrap())
        .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn a_hostile_shipment_is_text_and_nothing_else() {
    let page = page(&Options::default());
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.contains(HOSTILE) && page.contains("\\u{202e}"));
}

#[test]
fn only_web_addresses_become_links() {
    let page = page(&Options::default());
    assert!(page.contains("href=\"https://sanctionssearch.ofac.treas.gov/Details.aspx?id=48850\""));
    for link in page.split("href=\"").skip(1) {
        assert!(
            link.starts_with("https://") || link.starts_with("http://") || link.starts_with('#'),
            "{link:.60}"
        );
    }
}

#[test]
fn many_clear_rows_are_cut_off_aloud() {
    let clean: Vec<_> = (0..30).map(|n| clear(&format!("SO-{n}"), n + 2, "DE")).collect();
    let options = Options { clear_rows: 20, ..Options::default() };
    let page = written(Format::Html, &options, &header(), &clean);
    assert!(page.contains("SO-19<") && !page.contains("SO-20<"));
    assert!(page.contains("10 more are counted"), "says how many are left out");
}

#[test]
fn flagged_shipments_beyond_the_limit_stand_as_rows() {
    let options = Options { shipments_per_verdict: Some(1), ..Options::default() };
    let page = page(&options);
    assert!(page.contains("3 more shipments at hold not written out here"));
    assert!(page.contains("SO-1004"));
}

#[test]
fn every_card_has_its_own_anchor_and_every_tag_is_closed() {
    let page = page(&Options::default());
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for tag in ["article", "section", "details", "table", "tr", "td", "dl", "ol", "ul", "div", "svg", "tbody"]
    {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn countries_are_named_where_the_caller_knows_their_names() {
    let code = crate::trade::CountryCode::new("KG").unwrap();
    let options = Options { country_names: [(code, "Kyrgyzstan".to_owned())].into(), ..Options::default() };
    let page = page(&options);
    assert!(page.contains("<option value=\"KG\">Kyrgyzstan (KG)</option>"));
    assert!(page.contains("MY → Kyrgyzstan (KG)"));
}
