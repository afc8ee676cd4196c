//! What decisions do to findings.

use jiff::civil::date;

use super::*;
use crate::diagnostic::{Diagnostics, SourceFile};

fn parse(text: &str, options: Options) -> (Decisions, Vec<String>) {
    let mut out = Diagnostics::default();
    let decisions = Decisions::parse(&SourceFile::new("dispositions.toml", text), options, &mut out);
    (decisions, out.iter().map(|d| d.message.clone()).collect())
}

fn fingerprint(text: &str) -> Fingerprint {
    Fingerprint::of([text])
}

fn entry(about: &str, more: &str) -> String {
    format!(
        "[[decision]]\nfingerprint = \"{}\"\nby = \"A. Reader\"\non = 2026-01-10\nreason = \"another company\"\nexpires = 2027-01-10\nrule = \"r1\"\n{more}\n",
        fingerprint(about)
    )
}

fn case(fingerprint: &Fingerprint) -> Case<'_> {
    Case {
        fingerprint,
        rule: "r1",
        entry: "",
        party: "",
        on_hit: true,
        reference: "SO-1",
        lane: None,
        grave: false,
    }
}

#[test]
fn a_decision_holds_while_entry_party_rule_and_time_are_the_same() {
    let text = entry("a", "decision = \"false-positive\"\nentry = \"e1\"\nparty = \"p1\"");
    let (decisions, mistakes) = parse(&text, Options::default());
    assert_eq!(mistakes, [""; 0]);
    let print = fingerprint("a");
    let same = Case { entry: "e1", party: "p1", ..case(&print) };
    let day = date(2026, 6, 1);
    assert!(decisions.judge(&same, day).applied.is_some());
    for (changed, day, why) in [
        (Case { entry: "e2", ..same }, day, "entry has changed"),
        (Case { party: "p2", ..same }, day, "address or identifiers"),
        (Case { rule: "r2", ..same }, day, "rule has changed"),
        (same, date(2027, 1, 11), "expired on 2027-01-10"),
        (same, date(2026, 1, 9), "after the day"),
        (Case { grave: true, ..same }, day, "needs an override"),
    ] {
        let judgement = decisions.judge(&changed, day);
        assert!(judgement.applied.is_none(), "{why}");
        assert!(judgement.back.unwrap().contains(why), "{why}");
        assert!(judgement.met[0].lapsed.as_ref().unwrap().contains(why), "{why}");
    }
    let other = fingerprint("b");
    assert_eq!(decisions.judge(&case(&other), day), Judgement::default());
}

#[test]
fn a_decision_holds_only_in_its_scope() {
    let order = entry("a", "decision = \"false-positive\"\nscope = { order = \"SO-2\" }");
    let lane = entry("b", "decision = \"false-positive\"\nscope = { lane = \"DE-KZ\" }");
    let (decisions, mistakes) = parse(&(order + &lane), Options::default());
    assert_eq!(mistakes, [""; 0]);
    let day = date(2026, 6, 1);
    let (a, b) = (fingerprint("a"), fingerprint("b"));
    let country = |text: &str| crate::trade::CountryCode::new(text).unwrap();
    assert!(decisions.judge(&case(&a), day).applied.is_none());
    assert!(decisions.judge(&Case { reference: "SO-2", ..case(&a) }, day).applied.is_some());
    assert!(decisions.judge(&case(&b), day).applied.is_none());
    let lane = Some((country("DE"), country("KZ")));
    assert!(decisions.judge(&Case { lane, ..case(&b) }, day).applied.is_some());
}

#[test]
fn what_does_not_clear_goes_before_what_clears() {
    let text = entry("a", "decision = \"false-positive\"") + &entry("a", "decision = \"true-match\"");
    for text in
        [text.clone(), entry("a", "decision = \"escalated\"") + &entry("a", "decision = \"false-positive\"")]
    {
        let (decisions, _) = parse(&text, Options::default());
        let print = fingerprint("a");
        let held = decisions.judge(&case(&print), date(2026, 6, 1)).applied.unwrap();
        assert!(!held.kind.clears());
        let kinds: Vec<_> = decisions.problems(date(2026, 6, 1), None).iter().map(|p| p.kind).collect();
        assert_eq!(kinds, [ProblemKind::Contradiction]);
    }
}

#[test]
fn four_eyes_ask_for_another_second_name() {
    let options = Options { four_eyes: true, ..Options::default() };
    for (second, holds) in [("", false), ("second = \"a. reader \"", false), ("second = \"B. Other\"", true)]
    {
        let (decisions, _) = parse(&entry("a", &format!("decision = \"false-positive\"\n{second}")), options);
        let print = fingerprint("a");
        assert_eq!(decisions.judge(&case(&print), date(2026, 6, 1)).applied.is_some(), holds, "{second}");
        assert_eq!(decisions.problems(date(2026, 6, 1), None).is_empty(), holds);
    }
}

#[test]
fn problems_name_what_is_over_soon_over_twice_there_and_unmatched() {
    let text = entry("a", "decision = \"false-positive\"")
        + &entry("a", "decision = \"false-positive\"")
        + &entry("b", "decision = \"false-positive\"");
    let (decisions, _) = parse(&text, Options::default());
    let kinds = |day, used: Option<&Used>| -> Vec<_> {
        decisions.problems(day, used).iter().map(|p| (p.number, p.kind.key())).collect()
    };
    assert_eq!(kinds(date(2026, 6, 1), None), [(1, "duplicate")]);
    let mut used = Used::default();
    used.add(&decisions.judge(&case(&fingerprint("a")), date(2026, 6, 1)).met);
    assert_eq!(kinds(date(2026, 6, 1), Some(&used)), [(1, "duplicate"), (2, "unmatched")]);
    assert_eq!(kinds(date(2026, 12, 31), None)[0], (0, "expires-soon"));
    assert_eq!(kinds(date(2027, 2, 1), None)[0], (0, "expired"));
}

#[test]
fn every_mistake_of_the_file_is_named() {
    let (_, mistakes) = parse(
        "[[decision]]\nfingerprint = \"xx\"\ndecision = \"maybe\"\nby = \"\"\non = 2026-01-01\nreason = \" \"\nscope = \"all\"\nlicense = 3\n",
        Options::default(),
    );
    let all = mistakes.join("\n");
    for part in [
        "fingerprint",
        "maybe",
        "who decided",
        "why, for",
        "expires",
        "no scope",
        "license",
        "version of the rule",
    ] {
        assert!(all.contains(part), "{part}: {all}");
    }
}

#[test]
fn a_licence_covers_shipments_until_it_is_used_up() {
    let text =
        entry("a", "decision = \"licensed\"\nlicence = { number = \"X-1\", balance = 100, unit = \"usd\" }");
    let (decisions, mistakes) = parse(&text, Options::default());
    assert_eq!(mistakes, [""; 0]);
    let print = fingerprint("a");
    let applied = decisions.judge(&case(&print), date(2026, 6, 1)).applied.unwrap();
    let mut ledger = Ledger::default();
    let amounts = |usd: i64| Amounts([("USD".to_owned(), usd.into())].into());
    let mut once = Vec::new();
    assert!(ledger.draw(&applied, &amounts(60), &mut once).is_ok());
    // The same shipment draws once, however many findings it has.
    assert!(ledger.draw(&applied, &amounts(60), &mut once).is_ok());
    let why = ledger.draw(&applied, &amounts(60), &mut Vec::new()).unwrap_err();
    assert!(why.contains("40 usd left"), "{why}");
    assert!(
        ledger.draw(&applied, &Amounts::default(), &mut Vec::new()).unwrap_err().contains("does not state")
    );
    assert!(ledger.draw(&applied, &amounts(40), &mut Vec::new()).is_ok());
}

#[test]
fn fingerprints_read_back_and_borders_of_parts_count() {
    let print = Fingerprint::of(["ab", "c"]);
    assert_eq!(Fingerprint::parse(print.as_str()), Some(print.clone()));
    assert_ne!(print, Fingerprint::of(["a", "bc"]));
    for text in ["", "rf1:", "rf9:00000000000000000000000000000000", "rf1:0000000000000000000000000000000G"] {
        assert_eq!(Fingerprint::parse(text), None);
    }
}

#[test]
fn entries_that_never_hold_together_do_not_clash() {
    let clears = "decision = \"false-positive\"";
    let stays = "decision = \"true-match\"";
    let day = date(2026, 6, 1);
    let kinds = |text: &str| -> Vec<_> {
        let (decisions, mistakes) = parse(text, Options::default());
        assert_eq!(mistakes, [""; 0]);
        decisions.problems(day, None).iter().map(|problem| problem.kind.key()).collect()
    };
    let pair = |one: &str, other: &str| kinds(&(entry("a", one) + &entry("a", other)));
    let order = |word: &str, order: &str| format!("{word}\nscope = {{ order = \"{order}\" }}");
    // Other orders, other states, times that do not meet.
    assert!(pair(&order(clears, "SO-1"), &order(stays, "SO-2")).is_empty());
    assert!(pair(&format!("{clears}\nentry = \"e1\""), &format!("{clears}\nentry = \"e2\"")).is_empty());
    let renewed = entry("a", clears).replace("2027-01-10", "2026-02-01") + &entry("a", clears);
    assert_eq!(kinds(&renewed), ["expired"]);
    // Where both reach.
    assert_eq!(pair(clears, &order(stays, "SO-2")), ["contradiction"]);
    assert_eq!(pair(clears, &order(clears, "SO-2")), ["duplicate"]);
    let licensed = |number: &str, balance: u32| {
        format!(
            "decision = \"licensed\"\nlicence = {{ number = \"{number}\", balance = {balance}, unit = \"USD\" }}"
        )
    };
    assert_eq!(pair(clears, &licensed("X-1", 5)), ["contradiction"]);
    assert!(pair(&licensed("X-1", 5), &licensed("X-2", 5)).is_empty());
    assert_eq!(pair(&licensed("X-1", 5), &licensed("X-1", 4)), ["duplicate", "balance"]);
}

#[test]
fn a_decision_that_holds_for_no_finding_is_named_with_what_holds_in_its_place() {
    let text = entry("a", "decision = \"false-positive\"\nentry = \"old\"\nparty = \"p\"")
        + &entry("a", "decision = \"false-positive\"\nentry = \"new\"\nparty = \"p\"");
    let (decisions, _) = parse(&text, Options::default());
    let print = fingerprint("a");
    let day = date(2026, 6, 1);
    let mut used = Used::default();
    used.add(&decisions.judge(&Case { entry: "new", party: "p", ..case(&print) }, day).met);
    let problems = decisions.problems(day, Some(&used));
    assert_eq!(problems.iter().map(|one| (one.number, one.kind.key())).collect::<Vec<_>>(), [(0, "lapsed")]);
    let words = &problems[0].words;
    assert!(words.contains("list entry has changed") && words.contains("this entry can go"), "{words}");
    // Where it holds for one finding, it is of use.
    used.add(&decisions.judge(&Case { entry: "old", party: "p", ..case(&print) }, day).met);
    assert!(decisions.problems(day, Some(&used)).is_empty());
}

#[test]
fn a_second_licence_covers_what_the_first_can_t() {
    let licensed = |number: &str, balance: u32| {
        entry(
            "a",
            &format!(
                "decision = \"licensed\"\nlicence = {{ number = \"{number}\", balance = {balance}, unit = \"USD\" }}"
            ),
        )
    };
    let (decisions, _) = parse(&(licensed("X-1", 50) + &licensed("X-2", 100)), Options::default());
    let judgement = decisions.judge(&case(&fingerprint("a")), date(2026, 6, 1));
    let choices: Vec<_> = judgement.applied.into_iter().chain(judgement.others).collect();
    let numbers: Vec<_> = choices.iter().map(|one| one.licence.as_str()).collect();
    assert_eq!(numbers, ["X-1", "X-2"]);
    let amounts = Amounts([("USD".to_owned(), 60.into())].into());
    let mut ledger = Ledger::default();
    let drawn = |ledger: &mut Ledger| {
        let held = ledger.draw_first(&choices, &amounts, &mut Vec::new());
        held.map(|held| held.unwrap().licence.clone())
    };
    assert_eq!(drawn(&mut ledger).unwrap(), "X-2");
    assert!(drawn(&mut ledger).unwrap_err().contains("X-1 has 50"));
    let left: Vec<_> = ledger.balances().iter().map(|one| one.left.to_string()).collect();
    assert_eq!(left, ["50", "40"]);
}

#[test]
fn the_lower_of_two_balances_of_a_licence_counts_everywhere() {
    let licensed = |about: &str, balance: u32| {
        entry(
            about,
            &format!(
                "decision = \"licensed\"\nlicence = {{ number = \"X-1\", balance = {balance}, unit = \"USD\" }}"
            ),
        )
    };
    let (decisions, _) = parse(&(licensed("a", 100) + &licensed("b", 30)), Options::default());
    for about in ["a", "b"] {
        let held = decisions.judge(&case(&fingerprint(about)), date(2026, 6, 1)).applied.unwrap();
        assert_eq!(held.balance.as_ref().unwrap().0, 30.into());
    }
}
