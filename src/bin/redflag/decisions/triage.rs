//! Findings one by one: shown, gone through, decided. Reads answers line by
//! line, so that it works on a terminal and from a script.

use std::io::{BufRead, Write};

use jiff::ToSpan;
use jiff::civil::Date;
use redflag::decision::{Decision, Kind, Licence, Scope};
use rust_decimal::Decimal;

use super::clear::{Answer, decision};
use super::report::Open;
use crate::args::ClearArgs;
use crate::failure::Failure;
use crate::setup;

const HELP: &str = "n next, p previous, f false positive, t true match, l licensed, e escalate, u undo, w write and \
                    end, q end without writing";

/// Goes through what is not decided yet, worst first; the decisions to write.
pub fn run(
    open: &[Open],
    args: &ClearArgs,
    input: &mut impl BufRead,
    out: &mut impl Write,
) -> Result<Vec<Decision>, Failure> {
    let mut waiting: Vec<&Open> = Vec::new();
    for one in open.iter().filter(|one| one.decided.is_empty()) {
        // The same finding on many shipments is decided once.
        if !waiting.iter().any(|other| other.is_same(one)) {
            waiting.push(one);
        }
    }
    waiting.sort_by_key(|one| std::cmp::Reverse(redflag::rule::Verdict::from_key(&one.verdict)));
    let mut session = Session { args, input, out, by: args.by.clone().unwrap_or_default() };
    session.run(&waiting).map_err(|error| Failure::new(format!("the terminal: {error}")))
}

struct Session<'a, I, O> {
    args: &'a ClearArgs,
    input: &'a mut I,
    out: &'a mut O,
    by: String,
}

type Told<T> = std::io::Result<T>;

impl<I: BufRead, O: Write> Session<'_, I, O> {
    fn run(&mut self, waiting: &[&Open]) -> Told<Vec<Decision>> {
        let mut decided: Vec<Option<Decision>> = vec![None; waiting.len()];
        if waiting.is_empty() {
            writeln!(self.out, "Every finding of this report is decided.")?;
            return Ok(Vec::new());
        }
        let mut at = 0;
        while let Some(one) = waiting.get(at) {
            show(self.out, one, at, waiting.len(), decided.get(at).is_some_and(Option::is_some))?;
            let Some(word) = self.ask("Decision (? for help)")? else {
                // The input is over without a word to write.
                return Ok(Vec::new());
            };
            let kind = match word.as_str() {
                "n" | "" => {
                    at = (at + 1).min(waiting.len() - 1);
                    continue;
                }
                "p" => {
                    at = at.saturating_sub(1);
                    continue;
                }
                "u" => {
                    if let Some(place) = decided.get_mut(at) {
                        *place = None;
                    }
                    continue;
                }
                "w" => break,
                "q" => return Ok(Vec::new()),
                "f" => Kind::FalsePositive,
                "t" => Kind::TrueMatch,
                "l" => Kind::Licensed,
                "e" => Kind::Escalated,
                _ => {
                    writeln!(self.out, "{HELP}")?;
                    continue;
                }
            };
            let Some(answer) = self.answer(one, kind)? else { return Ok(Vec::new()) };
            match decision(one, answer) {
                Ok(made) => {
                    if let Some(place) = decided.get_mut(at) {
                        *place = Some(made);
                    }
                    at = (at + 1).min(waiting.len() - 1);
                }
                Err(Failure(words)) => writeln!(self.out, "Not taken: {}", visible(&words))?,
            }
        }
        Ok(decided.into_iter().flatten().collect())
    }

    /// The rest of a decision; none when the input is over.
    fn answer(&mut self, one: &Open, kind: Kind) -> Told<Option<Answer>> {
        let on = self.args.on.unwrap_or_else(setup::today);
        if self.by.is_empty() {
            let Some(by) = self.ask("Who decides")? else { return Ok(None) };
            self.by = by;
        }
        let Some(reason) = self.ask("Reason")? else { return Ok(None) };
        let year = on.saturating_add(1.year());
        let Some(expires) = self.day("Expires", year)? else { return Ok(None) };
        let mut choices = String::from("Scope: p everywhere");
        if !one.reference.is_empty() {
            choices.push_str(&format!(", o only order {}", visible(&one.reference)));
        }
        if let Some((from, to)) = one.lane {
            choices.push_str(&format!(", l only lane {from}-{to}"));
        }
        let Some(scope) = self.ask(&choices)? else { return Ok(None) };
        let scope = match (scope.as_str(), one.lane) {
            ("o", _) if !one.reference.is_empty() => Scope::Order(one.reference.clone()),
            ("l", Some((from, to))) => Scope::Lane(from, to),
            _ => Scope::Pair,
        };
        let mut override_reason = String::new();
        if one.grave && kind == Kind::FalsePositive {
            let Some(reason) = self.ask("A block or exact identifier: why is it cleared all the same")?
            else {
                return Ok(None);
            };
            override_reason = reason;
        }
        let licence = if kind == Kind::Licensed { self.licence()? } else { None };
        Ok(Some(Answer {
            kind,
            by: self.by.clone(),
            second: self.args.second.clone().unwrap_or_default(),
            on,
            expires,
            reason,
            scope,
            licence,
            override_reason,
        }))
    }

    fn licence(&mut self) -> Told<Option<Licence>> {
        let Some(number) = self.ask("Licence number")?.filter(|number| !number.is_empty()) else {
            return Ok(None);
        };
        let balance = self.ask("What is left of it, with its unit (10000 USD); empty: not limited")?;
        let balance = balance.as_deref().and_then(|text| text.split_once(' '));
        let balance = balance
            .and_then(|(amount, unit)| Some((amount.parse::<Decimal>().ok()?, unit.trim().to_owned())));
        Ok(Some(Licence { number, balance }))
    }

    fn day(&mut self, what: &str, otherwise: Date) -> Told<Option<Date>> {
        loop {
            let Some(text) = self.ask(&format!("{what} [{otherwise}]"))? else { return Ok(None) };
            if text.is_empty() {
                return Ok(Some(otherwise));
            }
            match text.parse() {
                Ok(day) => return Ok(Some(day)),
                Err(_) => writeln!(self.out, "A day such as {otherwise}.")?,
            }
        }
    }

    /// An answer, trimmed; none at the end of the input.
    fn ask(&mut self, question: &str) -> Told<Option<String>> {
        write!(self.out, "{question}: ")?;
        self.out.flush()?;
        let mut line = String::new();
        let read = self.input.read_line(&mut line)?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }
}

/// Columns of one side of the comparison.
const SIDE: usize = 46;

fn show(out: &mut impl Write, one: &Open, at: usize, all: usize, decided: bool) -> Told<()> {
    let mark = if decided { " (decided, not written yet)" } else { "" };
    writeln!(out, "\n{} of {all}{mark}  {}  {}", at + 1, one.verdict, visible(&one.title))?;
    let reference = if one.reference.is_empty() { "no reference" } else { &one.reference };
    writeln!(out, "{}  {}", visible(reference), visible(&one.place))?;
    for words in &one.evidence {
        writeln!(out, "  {}", visible(words))?;
    }
    if !one.back.is_empty() {
        writeln!(out, "  {}", visible(&one.back))?;
    }
    if let Some((declared, listed)) = &one.sides {
        writeln!(out, "  {:SIDE$}  ON THE LIST", "ON THE SHIPMENT")?;
        let (left, right) = (cut(declared), cut(listed));
        for row in 0..left.len().max(right.len()) {
            let line = |side: &[String]| side.get(row).cloned().unwrap_or_default();
            writeln!(out, "  {:SIDE$}  {}", line(&left), line(&right))?;
        }
    }
    Ok(())
}

/// Lines that fit a side.
fn cut(lines: &[String]) -> Vec<String> {
    let mut cut = Vec::new();
    for line in lines {
        let chars: Vec<char> = visible(line).chars().collect();
        cut.extend(chars.chunks(SIDE).map(|part| part.iter().collect::<String>()));
    }
    cut
}

/// What comes from a file never commands the terminal.
fn visible(text: &str) -> String {
    redflag::report::visible(text).to_string()
}
