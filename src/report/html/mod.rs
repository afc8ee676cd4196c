//! One self-contained page that a compliance officer can work from.
//!
//! The page asks for nothing from the network and runs no script but its own:
//! its Content-Security-Policy allows the embedded style sheet and script by
//! their hashes alone. Templates escape every value through [`Visible`].
//!
//! Flagged shipments are kept, rendered, until the end, because figures and
//! charts stand above them. Limits: see [`Options::shipments_per_verdict`] and
//! [`Options::clear_rows`]; what is beyond them stands as one row in a table,
//! and beyond that as a number, each time with a sentence that says so.

mod chart;
mod lane;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Write};

use askama::Template;
use sha2::{Digest, Sha256};

use crate::rule::Verdict;
use crate::screening::{Outcome, RunHeader, Summary};
use crate::trade::CountryCode;

use super::spool::Spool;
use super::{Options, Sink, words};
use lane::Lanes;

pub(super) const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Escapes for HTML and shows hidden characters; `askama.toml` puts it behind
/// every value of a template.
#[derive(Clone, Copy)]
pub struct Visible;

impl askama::filters::Escaper for Visible {
    fn write_escaped_str<W: fmt::Write>(&self, mut out: W, text: &str) -> fmt::Result {
        super::escape::write_html(&mut out, text)
    }
}

pub struct Page {
    out: Box<dyn Write + Send>,
    options: Options,
    header: Option<RunHeader>,
    /// Flagged shipments in full.
    cards: Spool,
    /// Clear shipments, and flagged ones beyond the limit, as table rows.
    rows: Spool,
    lanes: Lanes,
    lists: BTreeSet<String>,
    destinations: BTreeSet<CountryCode>,
    /// Number of the next card, for its anchor.
    next: u64,
}

impl Page {
    pub fn new(out: Box<dyn Write + Send>, options: Options) -> Self {
        let per_verdict = options.shipments_per_verdict.unwrap_or(Options::PAGE_SHIPMENTS_PER_VERDICT);
        Self {
            out,
            header: None,
            cards: Spool::new(Some(per_verdict)),
            rows: Spool::new(Some(options.clear_rows)),
            options,
            lanes: Lanes::default(),
            lists: BTreeSet::new(),
            destinations: BTreeSet::new(),
            next: 0,
        }
    }

    fn keep_row(&mut self, outcome: &Outcome) -> io::Result<()> {
        let verdict = outcome.verdict();
        if self.rows.has_room(verdict) {
            let row = render(&view::Row::new(outcome, &self.options))?;
            self.rows.keep(verdict, &row)?;
        }
        Ok(())
    }

    fn keep_card(&mut self, outcome: &Outcome) -> io::Result<()> {
        let verdict = outcome.verdict();
        // The first of each verdict stand open; all would bury the reader.
        let open = self.cards.kept(verdict) < OPEN_CARDS;
        self.next += 1;
        let card = match outcome {
            Outcome::Screened { shipment, screening } => {
                self.lists.extend(screening.hits.iter().map(|(_, hit)| hit.list.id.clone()));
                self.destinations.extend(words::lane(shipment).1);
                render(&view::Card::new(self.next, open, shipment, screening, &self.options))?
            }
            Outcome::Unreadable(fault) => render(&view::Unreadable::new(self.next, fault))?,
        };
        self.cards.keep(verdict, &card)
    }

    fn write_section(&mut self, verdict: Verdict) -> io::Result<()> {
        let cards = self.cards.kept(verdict);
        let beyond = self.cards.withheld(verdict);
        if cards + beyond == 0 {
            return Ok(());
        }
        let head = view::SectionHead {
            verdict: verdict.key(),
            count: words::number(cards + beyond),
            meaning: words::verdict_meaning(verdict),
        };
        self.out.write_all(render(&head)?.as_bytes())?;
        self.cards.copy(verdict, &mut self.out)?;
        if beyond > 0 {
            self.write_table(verdict, &words::withheld(beyond, verdict))?;
        }
        self.out.write_all(b"</section>\n")
    }

    fn write_table(&mut self, verdict: Verdict, sentence: &str) -> io::Result<()> {
        let left_out = self.rows.withheld(verdict);
        let table = view::TableHead {
            sentence,
            left_out: (left_out > 0).then(|| words::number(left_out)),
            kept: words::number(self.rows.kept(verdict)),
            verdict: verdict.key(),
        };
        self.out.write_all(render(&table)?.as_bytes())?;
        self.rows.copy(verdict, &mut self.out)?;
        self.out.write_all(b"</tbody></table></div></details>\n")
    }
}

/// What clear means where some are so by decision.
const NOTHING_OPEN: &str = "no finding is open";

/// Cards per verdict that stand open when the page is opened.
const OPEN_CARDS: u64 = 10;

impl Sink for Page {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.header = Some(header.clone());
        Ok(())
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        let verdict = outcome.verdict();
        if let Outcome::Screened { shipment, .. } = outcome {
            self.lanes.add(words::lane(shipment), verdict);
        }
        if !words::is_shown(outcome) {
            self.keep_row(outcome)
        } else if self.cards.has_room(verdict) {
            self.keep_card(outcome)
        } else {
            self.keep_row(outcome)
        }
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let Some(header) = self.header.take() else {
            return Err(io::Error::other("a report needs the header of its run"));
        };
        let policy = format!(
            "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; \
             form-action 'none'",
            base64(&Sha256::digest(SCRIPT)),
            base64(&Sha256::digest(STYLE)),
        );
        let decided = self.cards.kept(Verdict::Clear) + self.cards.withheld(Verdict::Clear);
        let top = view::Top {
            policy,
            style: STYLE,
            head: view::Head::new(&header),
            figures: view::Figures::new(summary, decided),
            charts: chart::Charts::new(&header, summary, &self.lanes, &self.options),
            rules: view::used_rules(&header, summary),
            lists: self.lists.iter().map(String::as_str).collect(),
            destinations: self
                .destinations
                .iter()
                .map(|code| (code.to_string(), words::country(Some(*code), &self.options)))
                .collect::<BTreeMap<_, _>>(),
        };
        self.out.write_all(render(&top)?.as_bytes())?;
        for verdict in Verdict::ALL.into_iter().rev().filter(|verdict| *verdict != Verdict::Clear) {
            self.write_section(verdict)?;
        }
        let clear = self.rows.kept(Verdict::Clear) + self.rows.withheld(Verdict::Clear);
        let clear = clear + self.cards.kept(Verdict::Clear);
        if clear > 0 {
            let head = view::SectionHead {
                verdict: Verdict::Clear.key(),
                count: words::number(clear),
                meaning: if decided > 0 { NOTHING_OPEN } else { words::verdict_meaning(Verdict::Clear) },
            };
            self.out.write_all(render(&head)?.as_bytes())?;
            if decided > 0 {
                let beyond = self.cards.withheld(Verdict::Clear);
                let head = view::ClearedHead {
                    count: words::number(decided),
                    meaning: words::group_meaning(Verdict::Clear),
                    beyond: (beyond > 0).then(|| words::number(beyond)),
                };
                self.out.write_all(render(&head)?.as_bytes())?;
            }
            self.cards.copy(Verdict::Clear, &mut self.out)?;
            if clear > self.cards.kept(Verdict::Clear) {
                let sentence = if self.cards.withheld(Verdict::Clear) == 0 {
                    "Shipments on which no rule fired."
                } else {
                    "Shipments on which no rule fired, or that decisions clear."
                };
                self.write_table(Verdict::Clear, sentence)?;
            }
            self.out.write_all(b"</section>\n")?;
        }
        let foot = view::Foot { script: SCRIPT, basis: view::Basis::new(&header, summary) };
        self.out.write_all(render(&foot)?.as_bytes())?;
        self.out.flush()
    }
}

fn render(template: &impl Template) -> io::Result<String> {
    template.render().map_err(io::Error::other)
}

/// Base 64 of RFC 4648, for the hashes of the Content-Security-Policy.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = group >> (18 - 6 * place) & 63;
            let shown = usize::try_from(digit).ok().and_then(|digit| DIGITS.get(digit)).copied();
            out.push(if place > chunk.len() { '=' } else { char::from(shown.unwrap_or(b'=')) });
        }
    }
    out
}

#[cfg(test)]
mod tests;
