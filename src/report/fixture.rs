//! A run as it comes out of screening, for the tests of every format:
//! one listed shipper, one listed intermediary under a misspelled name, chips
//! to Bishkek, a machine tool by way of Istanbul, names in Arabic and Chinese,
//! what could not be screened, hostile strings, and clean shipments.

use std::sync::Arc;

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use crate::input::RowFault;
use crate::matching::{Adjustment, Hit, MatchedBy, Measure, ScoreBreakdown, Strength, TokenMatch};
use crate::rule::{Citation, Evidence, Finding, RuleInfo, Subject, Verdict};
use crate::screening::{Outcome, RunHeader, Screening, Summary, Unscreenable};
use crate::trade::{
    Address, At, CellFault, CellFaultKind, ControlCode, CountryCode, HsCode, Identifier, IdentifierKind,
    LineItem, Money, Party, PartyKind, PartyRole, Place, Quantity, Route, Shipment,
};
use crate::watchlist::{Edition, Effect, ListInfo, ListedName, ListedParty, NameQuality, Regime};

use super::{Format, Options, Sink, sink};

pub const HOSTILE: &str =
    "=cmd|'/C calc'!A0\u{1b}[31m\u{202e}<script>alert(1)</script>[x](http://e.x)|`a`\r\n@all";

pub fn code(text: &str) -> CountryCode {
    CountryCode::new(text).unwrap()
}

pub fn at(line: u64, column: &str) -> At {
    At { line, column: Arc::from(column) }
}

fn list(id: &str, title: &str, effect: Effect, entries: usize, day: Date) -> Arc<ListInfo> {
    Arc::new(ListInfo {
        id: id.to_owned(),
        title: title.to_owned(),
        jurisdiction: "US".to_owned(),
        regime: Regime::Unilateral,
        effect,
        authority: match effect {
            Effect::Blocking => "All property in US possession is blocked; US persons may not deal with it.",
            _ => "A licence is needed for the items named in the entry.",
        }
        .to_owned(),
        citation: if effect == Effect::Blocking { "31 CFR 501" } else { "15 CFR 744, Supplement 4" }
            .to_owned(),
        edition: Edition {
            source: format!("rules/lists/{id}.toml"),
            url: "https://www.trade.gov/consolidated-screening-list".to_owned(),
            date: Some(day),
            sha256: format!("{:x<64}", format!("{entries:08x}")).replace('x', "7"),
            entries,
            names: entries * 2 + 411,
        },
        notes: vec!["The publisher's file leaves out the vessels' former flags.".to_owned()],
    })
}

fn sdn() -> Arc<ListInfo> {
    list(
        "us-sdn",
        "Specially Designated Nationals and Blocked Persons List",
        Effect::Blocking,
        18_710,
        date(2026, 7, 31),
    )
}

fn entity_list() -> Arc<ListInfo> {
    list("us-entity-list", "Entity List", Effect::LicenceRequired, 3_401, date(2026, 7, 31))
}

fn rule(id: &str, title: &str, verdict: Verdict, why: &str, advice: &str, cite: &str) -> Arc<RuleInfo> {
    Arc::new(RuleInfo {
        id: id.to_owned(),
        title: title.to_owned(),
        group: match id.split('-').next() {
            Some("LST") => "listed",
            Some("DIV") => "diversion",
            _ => "data",
        }
        .to_owned(),
        verdict,
        why: why.to_owned(),
        advice: advice.to_owned(),
        authority: vec![Citation {
            cite: cite.to_owned(),
            date: Some(date(2024, 5, 1)),
            url: "https://www.ecfr.gov/".to_owned(),
            certainty: if id == "DAT-401" { "from memory".to_owned() } else { String::new() },
        }],
        from: Some(date(2022, 2, 24)),
        until: None,
        red_flags: vec![4, 26],
    })
}

pub fn rules() -> Vec<Arc<RuleInfo>> {
    use Verdict::{Block, Hold, Note, Review};
    let look = "Ask the customer for the end user's name and a signed end-use statement.";
    vec![
        rule(
            "DAT-401",
            "Vague description of goods",
            Note,
            "A description such as “parts” hides what is shipped.",
            "",
            "Supplement 3 to 15 CFR 732",
        ),
        rule(
            "DAT-402",
            "Control code missing where the tariff code often carries one",
            Review,
            "Goods under this tariff code are often controlled.\nA blank cell may mean that nobody has looked.",
            "Have the goods classified.",
            "15 CFR 774",
        ),
        rule(
            "DIV-101",
            "Tier 1 or 2 priority goods to a diversion-risk destination",
            Hold,
            "These parts were found in Russian weapons and reached Russia through countries such as this one.",
            look,
            "FIN-2023-Alert004",
        ),
        rule(
            "DIV-104",
            "Machine tool through a transhipment point",
            Hold,
            "Machine tools for the Russian arms industry have gone through this country in numbers.",
            look,
            "FIN-2022-Alert003",
        ),
        rule(
            "DIV-107",
            "Consignee in another country than the destination",
            Review,
            "The buyer sits elsewhere than the goods go.",
            look,
            "Supplement 3 to 15 CFR 732",
        ),
        rule(
            "DIV-110",
            "Company founded after February 2022 buys priority goods",
            Review,
            "New trading firms took over routes that sanctions had closed.",
            look,
            "FIN-2022-Alert003",
        ),
        rule(
            "LST-001",
            "A party's name is on a blocking list that binds the company",
            Block,
            "Dealing with this party is forbidden. The company itself would be liable.",
            "Stop the shipment. Do not tell the customer why before legal counsel has been asked.",
            "31 CFR 587",
        ),
        rule(
            "LST-003",
            "A party resembles an entry of a blocking list",
            Hold,
            "The name is near to a listed one, but not the same. A person must compare the two.",
            "Compare address, registration number and owners with the list entry.",
            "31 CFR 587",
        ),
        rule(
            "LST-007",
            "A party's weak alias is on a list",
            Note,
            "The publisher itself calls this alias weak.",
            "",
            "31 CFR 501",
        ),
        rule(
            "LST-012",
            "A party is on a list that requires a licence",
            Hold,
            "Items subject to the EAR need a licence for this party.",
            "Check the licence requirement and the review policy of the entry.",
            "15 CFR 744.11",
        ),
    ]
}

fn the_rule(id: &str) -> Arc<RuleInfo> {
    rules().into_iter().find(|rule| rule.id == id).unwrap()
}

pub fn header() -> RunHeader {
    RunHeader {
        program_version: "0.1.0".to_owned(),
        as_of: date(2026, 8, 3),
        inputs: vec!["demo.csv".to_owned()],
        lists: vec![sdn(), entity_list()],
        rules: rules(),
        rule_pack_sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        rule_pack_version: "2026.1".to_owned(),
        company: "Selangor Semiconductor Trading".to_owned(),
        bound_by: vec!["MY".to_owned(), "UN".to_owned()],
        possible: 0.82,
        strong: 0.92,
        not_screened: vec![
            "Ownership: companies owned by listed parties are not known to the lists.".to_owned(),
            "EU, UK and Canadian lists were not loaded.".to_owned(),
        ],
    }
}

fn jatronics() -> Arc<ListedParty> {
    Arc::new(ListedParty {
        id: "48850".to_owned(),
        kind: PartyKind::Organization,
        names: vec![ListedName {
            text: "JATRONICS SDN BHD".into(),
            quality: NameQuality::Primary,
            former: false,
        }],
        addresses: vec![Address {
            street: "No. 12-2 Jalan 4/62A, Bandar Menjalara".to_owned(),
            city: "Kuala Lumpur".to_owned(),
            postal_code: "52200".to_owned(),
            country: Some(code("MY")),
            ..Address::default()
        }],
        countries: vec![code("MY")],
        identifiers: vec![Identifier {
            kind: IdentifierKind::Registration,
            value: "629642D".to_owned(),
            country: Some(code("MY")),
        }],
        programs: vec![Arc::from("RUSSIA-EO14024")],
        citation: "89 FR 35296".to_owned(),
        listed: Some(date(2024, 5, 1)),
        remarks: "Secondary sanctions risk: see section 11 of Executive Order 14024.".to_owned(),
        url: Some(Arc::from("https://sanctionssearch.ofac.treas.gov/Details.aspx?id=48850")),
        ..ListedParty::default()
    })
}

fn entity(id: &str, names: &[&str], country: &str) -> Arc<ListedParty> {
    Arc::new(ListedParty {
        id: id.to_owned(),
        kind: PartyKind::Organization,
        names: names
            .iter()
            .enumerate()
            .map(|(index, text)| ListedName {
                text: (*text).into(),
                quality: [NameQuality::Primary, NameQuality::Strong, NameQuality::Weak][index.min(2)],
                former: index == 3,
            })
            .collect(),
        addresses: vec![Address {
            street: "Room 1204, Building 3, Science Park".to_owned(),
            country: Some(code(country)),
            ..Address::default()
        }],
        countries: vec![code(country)],
        licence_requirement: Some(Arc::from("For all items subject to the EAR (See §744.11 of the EAR)")),
        licence_policy: Some(Arc::from("Presumption of denial")),
        citation: "88 FR 23332".to_owned(),
        listed: Some(date(2023, 4, 17)),
        ..ListedParty::default()
    })
}

fn token(query: &str, listed: &str, measure: Measure, similarity: f64, weight: f64, why: &str) -> TokenMatch {
    TokenMatch {
        query: query.to_owned(),
        listed: listed.to_owned(),
        measure,
        similarity,
        weight,
        why: why.to_owned(),
    }
}

fn hit(
    list: Arc<ListInfo>,
    entry: Arc<ListedParty>,
    query: &str,
    score: f64,
    tokens: Vec<TokenMatch>,
) -> Hit {
    let listed_text = entry.caption();
    Hit {
        list,
        by: MatchedBy::Name,
        quality: NameQuality::Primary,
        score,
        strength: if score >= 0.92 { Strength::Strong } else { Strength::Possible },
        breakdown: ScoreBreakdown {
            query: query.to_owned(),
            part: String::new(),
            listed: listed_text.clone(),
            tokens,
            adjustments: Vec::new(),
            score,
        },
        listed_text,
        entry,
    }
}

fn party(role: PartyRole, name: &str, city: &str, country: &str, line: u64, column: &str) -> Party {
    Party {
        role,
        kind: PartyKind::Unknown,
        name: Arc::from(name),
        address: Address { city: city.to_owned(), country: CountryCode::new(country), ..Address::default() },
        identifiers: Vec::new(),
        founded: None,
        at: at(line, column),
    }
}

fn place(text: &str, country: &str, line: u64, column: &str) -> Place {
    Place { country: CountryCode::new(country), text: text.to_owned(), at: at(line, column) }
}

fn item(line: u64, description: &str, hs: &str, control: &str, value: i64) -> LineItem {
    LineItem {
        line,
        description: description.to_owned(),
        part_number: String::new(),
        hs: HsCode::parse(hs).ok(),
        control_code: ControlCode::parse(control).ok(),
        origin: Some(code("TW")),
        quantity: Some(Quantity { amount: Decimal::new(2_500, 0), unit: "PCS".to_owned() }),
        net_weight_kg: Some(Decimal::new(125, 1)),
        gross_weight_kg: None,
        value: Some(Money { amount: Decimal::new(value, 2), currency: "USD".to_owned() }),
        end_use: String::new(),
        licence: String::new(),
        columns: Arc::from([("hs", Arc::from("HTS"))]),
    }
}

fn shipment(reference: &str, line: u64, to: (&str, &str)) -> Shipment {
    Shipment {
        reference: reference.to_owned(),
        file: Arc::from("demo.csv"),
        lines: vec![line],
        parties: vec![
            party(PartyRole::Exporter, "Penang Microparts Sdn Bhd", "Penang", "MY", line, "Shipper"),
            party(PartyRole::Consignee, "Ala-Too Elektronika OsOO", to.0, to.1, line, "Ship-To Name"),
        ],
        route: Route {
            departure: Some(place("Penang", "MY", line, "Port of Loading")),
            transit: Vec::new(),
            destination: Some(place(to.0, to.1, line, "Country of Ultimate Destination")),
        },
        items: vec![item(line, "Programmable logic devices XC7A35T", "8542.31", "3A991", 1_250_000)],
        shipped: Some(date(2026, 7, 20)),
        ordered: None,
        transport: "air".to_owned(),
        incoterm: "FCA".to_owned(),
        faults: Vec::new(),
        fields: Arc::from(["reference", "hs"]),
    }
}

fn evidence(subject: Subject, at: Option<At>, hit: Option<usize>, words: &str) -> Evidence {
    Evidence { subject, at, hit, words: words.to_owned() }
}

fn finding(id: &str, evidence: Vec<Evidence>) -> Finding {
    Finding { rule: the_rule(id), evidence }
}

fn screened(shipment: Shipment, mut findings: Vec<Finding>, hits: Vec<(usize, Hit)>) -> Outcome {
    findings.sort_by(|a, b| b.rule.verdict.cmp(&a.rule.verdict).then_with(|| a.rule.id.cmp(&b.rule.id)));
    let verdict = findings.first().map_or(Verdict::Clear, |finding| finding.rule.verdict);
    Outcome::Screened { shipment, screening: Screening { verdict, findings, hits, unscreenable: Vec::new() } }
}

pub fn clear(reference: &str, line: u64, country: &str) -> Outcome {
    let mut clean = shipment(reference, line, ("Hamburg", country));
    clean.parties[1].name = Arc::from("Elbe Werkzeuge GmbH");
    screened(clean, Vec::new(), Vec::new())
}

fn listed_shipper() -> Outcome {
    let mut it = shipment("SO-1001", 2, ("Bishkek", "KG"));
    it.parties[0] = party(PartyRole::Exporter, "Jatronics Sdn. Bhd.", "Kuala Lumpur", "MY", 2, "Shipper");
    it.parties[0].identifiers.push(Identifier {
        kind: IdentifierKind::Registration,
        value: "629642-D".to_owned(),
        country: Some(code("MY")),
    });
    let by_name = hit(
        sdn(),
        jatronics(),
        "Jatronics Sdn. Bhd.",
        1.0,
        vec![
            token("jatronics", "jatronics", Measure::Equal, 1.0, 3.1, ""),
            token("sdn bhd", "sdn bhd", Measure::Equal, 1.0, 0.2, "legal form, counts little"),
        ],
    );
    let mut by_number = hit(sdn(), jatronics(), "629642-D", 1.0, Vec::new());
    by_number.by = MatchedBy::Identifier;
    by_number.listed_text = "629642D".to_owned();
    by_number.breakdown.listed = "629642D".to_owned();
    by_number.breakdown.part = "the registration number".to_owned();
    screened(
        it,
        vec![
            finding(
                "LST-001",
                vec![
                    evidence(
                        Subject::Party(0),
                        Some(at(2, "Shipper")),
                        Some(0),
                        "The exporter “Jatronics Sdn. Bhd.” has the name of JATRONICS SDN BHD, which the US blocks.",
                    ),
                    evidence(
                        Subject::Party(0),
                        Some(at(2, "Reg. No.")),
                        Some(1),
                        "Its registration number 629642-D is that of the entry.",
                    ),
                ],
            ),
            finding(
                "DIV-101",
                vec![evidence(
                    Subject::Item(0),
                    Some(at(2, "HTS")),
                    None,
                    "HS 8542.31 is on the Common High Priority List, tier 1; the goods go to Kyrgyzstan.",
                )],
            ),
        ],
        vec![(0, by_name), (0, by_number)],
    )
}

fn misspelled_intermediary() -> Outcome {
    let mut it = shipment("SO-1002", 3, ("Almaty", "KZ"));
    let name = "JATRO NIX SENDIRIAN BERHAD c/o Golden Cargo";
    it.parties.push(party(
        PartyRole::IntermediateConsignee,
        name,
        "Kuala Lumpur",
        "MY",
        3,
        "Intermediate Consignee",
    ));
    let mut near = hit(
        sdn(),
        jatronics(),
        "JATRO NIX SENDIRIAN BERHAD",
        0.87,
        vec![
            token(
                "jatro nix",
                "jatronics",
                Measure::Joined,
                0.84,
                3.1,
                "two words written as one, 2 letters differ",
            ),
            token("sendirian", "sdn", Measure::Variant, 1.0, 0.1, "legal form, written out"),
            token("berhad", "bhd", Measure::Variant, 1.0, 0.1, "legal form, written out"),
        ],
    );
    near.breakdown.part = "the name before “c/o”".to_owned();
    near.breakdown.adjustments.push(Adjustment { why: "both are in Malaysia".to_owned(), change: 0.02 });
    screened(
        it,
        vec![finding(
            "LST-003",
            vec![evidence(
                Subject::Party(2),
                Some(at(3, "Intermediate Consignee")),
                Some(0),
                "The intermediate consignee “JATRO NIX SENDIRIAN BERHAD” resembles JATRONICS SDN BHD (0.87).",
            )],
        )],
        vec![(2, near)],
    )
}

fn machine_tool() -> Outcome {
    let mut it = shipment("SO-1004", 5, ("Tashkent", "UZ"));
    it.route.transit.push(place("Istanbul", "TR", 5, "Via"));
    it.items = vec![item(5, "5-axis machining centre, used", "8457.10", "2B001.b.2", 38_900_000)];
    screened(
        it,
        vec![finding(
            "DIV-104",
            vec![
                evidence(
                    Subject::Item(0),
                    Some(at(5, "HTS")),
                    None,
                    "HS 8457.10 is a machining centre, tier 4.B of the Common High Priority List.",
                ),
                evidence(Subject::Route, Some(at(5, "Via")), None, "The goods pass Istanbul in Turkey."),
            ],
        )],
        Vec::new(),
    )
}

/// Three lines of goods, twelve findings, names in Arabic and Chinese.
fn many_findings() -> Outcome {
    let mut it = shipment("SO-1006", 7, ("Sharjah", "AE"));
    it.lines = vec![7, 8, 9];
    it.items = vec![
        item(7, "MCU STM32F407", "8542.31", "", 90_000),
        item(8, "Multilayer capacitors", "8532.24", "EAR99", 12_000),
        item(9, "parts", "", "", 500),
    ];
    it.parties[0] = party(PartyRole::Exporter, "深圳市杰创电子有限公司", "深圳", "CN", 7, "发货人");
    it.parties[1] =
        party(PartyRole::Consignee, "شركة الفجر للتجارة العامة", "الشارقة", "AE", 7, "المرسل إليه");
    it.route.departure = Some(place("深圳", "CN", 7, "Port of Loading"));
    it.faults.push(CellFault {
        at: at(9, "HTS"),
        field: "hs",
        text: "various".to_owned(),
        kind: CellFaultKind::Unreadable,
        reason: "expected a tariff code, took none".to_owned(),
    });
    let chinese = hit(
        entity_list(),
        entity(
            "el-2023-117",
            &["Shenzhen Jiechuang Electronics Co., Ltd.", "Jiechuang Dianzi", "JCE", "Shenzhen JC Tech"],
            "CN",
        ),
        "深圳市杰创电子有限公司",
        0.94,
        vec![
            token("shenzhen", "shenzhen", Measure::Equal, 1.0, 0.9, "written in another script"),
            token("jiechuang", "jiechuang", Measure::Equal, 1.0, 3.4, "written in another script"),
            token("dianzi", "electronics", Measure::Variant, 0.95, 0.7, "the same word in another language"),
            token("youxian gongsi", "co ltd", Measure::Variant, 1.0, 0.1, "legal form, counts little"),
        ],
    );
    let mut arabic = hit(
        entity_list(),
        entity("el-2022-045", &["Al-Fajr General Trading LLC", "Alfagr Trading"], "AE"),
        "شركة الفجر للتجارة العامة",
        0.83,
        vec![
            token("alfajr", "al fajr", Measure::Joined, 1.0, 2.2, "two words written as one"),
            token("liltijara", "trading", Measure::Sound, 0.8, 0.5, "sounds alike after transliteration"),
            token("alama", "general", Measure::Spelling, 0.7, 0.4, "known spelling of the same word"),
            token("", "llc", Measure::Unmatched, 0.0, 0.1, "legal form, counts little"),
            token("sharika", "", Measure::Unmatched, 0.0, 0.1, "legal form, counts little"),
        ],
    );
    arabic.quality = NameQuality::Strong;
    let mut findings = vec![
        finding(
            "LST-012",
            vec![evidence(
                Subject::Party(0),
                Some(at(7, "发货人")),
                Some(0),
                "The exporter “深圳市杰创电子有限公司” has the name of Shenzhen Jiechuang Electronics Co., Ltd. of the Entity List.",
            )],
        ),
        finding(
            "LST-012",
            vec![evidence(
                Subject::Party(1),
                Some(at(7, "المرسل إليه")),
                Some(1),
                "The consignee “شركة الفجر للتجارة العامة” resembles Al-Fajr General Trading LLC (0.83).",
            )],
        ),
        finding(
            "LST-007",
            vec![evidence(Subject::Party(0), Some(at(7, "发货人")), Some(0), "The weak alias JCE is near.")],
        ),
    ];
    for (index, id) in ["DIV-101", "DIV-107", "DIV-110", "DAT-402"].into_iter().cycle().take(8).enumerate() {
        let line = 7 + index as u64 / 4;
        findings.push(finding(
            id,
            vec![evidence(
                Subject::Item(index / 4),
                Some(at(line, "HTS")),
                None,
                &format!(
                    "Goods line {}: the tariff code is on the Common High Priority List.",
                    index / 4 + 1
                ),
            )],
        ));
    }
    findings.push(finding(
        "DAT-401",
        vec![evidence(
            Subject::Item(2),
            Some(at(9, "Description")),
            None,
            "The description “parts” names no goods.",
        )],
    ));
    screened(it, findings, vec![(0, chinese), (1, arabic)])
}

fn unscreenable() -> Outcome {
    let mut it = shipment("SO-1008", 11, ("Dubai", "AE"));
    it.parties[1] = party(PartyRole::Consignee, "TRADING CO LTD", "Dubai", "AE", 11, "Ship-To Name");
    let Outcome::Screened { shipment, mut screening } = screened(
        it,
        vec![finding(
            "DAT-401",
            vec![evidence(Subject::Item(0), Some(at(11, "Description")), None, "The description is short.")],
        )],
        Vec::new(),
    ) else {
        unreachable!()
    };
    screening.verdict = Verdict::Unscreened;
    screening.unscreenable.push(Unscreenable {
        at: Some(at(11, "Ship-To Name")),
        reason:
            "The consignee “TRADING CO LTD” consists of generic words only, no list can be searched for it."
                .to_owned(),
    });
    Outcome::Screened { shipment, screening }
}

/// Every text that can come from outside is `text`.
pub fn with_text(text: &str) -> Vec<Outcome> {
    let mut it = shipment(text, 12, (text, "AE"));
    it.parties.push(Party { at: at(12, text), ..party(PartyRole::EndUser, text, text, "RU", 12, text) });
    it.parties[2].identifiers.push(Identifier {
        kind: IdentifierKind::Tax,
        value: text.to_owned(),
        country: None,
    });
    it.parties[2].address.street = text.to_owned();
    it.file = Arc::from(text);
    it.items[0].description = text.to_owned();
    it.items[0].part_number = text.to_owned();
    it.items[0].end_use = text.to_owned();
    it.items[0].licence = text.to_owned();
    it.items[0].quantity = Some(Quantity { amount: Decimal::ONE, unit: text.to_owned() });
    it.items[0].value = Some(Money { amount: Decimal::ONE, currency: text.to_owned() });
    it.transport = text.to_owned();
    it.incoterm = text.to_owned();
    it.faults.push(CellFault {
        at: at(12, text),
        field: "hs",
        text: text.to_owned(),
        kind: CellFaultKind::Ambiguous,
        reason: text.to_owned(),
    });
    let mut info = (*sdn()).clone();
    info.title = text.to_owned();
    info.notes = vec![text.to_owned()];
    let listed = Arc::new(ListedParty {
        remarks: text.to_owned(),
        programs: vec![Arc::from(text)],
        citation: text.to_owned(),
        url: Some(Arc::from(text)),
        licence_policy: Some(Arc::from(text)),
        licence_requirement: Some(Arc::from(text)),
        birth_dates: vec![text.to_owned()],
        same_as: vec![text.to_owned()],
        ..(*entity(text, &[text, text], "RU")).clone()
    });
    let met =
        hit(Arc::new(info), listed, text, 0.9, vec![token(text, text, Measure::Spelling, 0.9, 1.0, text)]);
    let mut found = finding("LST-003", vec![evidence(Subject::Party(2), Some(at(12, text)), Some(0), text)]);
    found.rule = Arc::new(RuleInfo {
        title: text.to_owned(),
        why: text.to_owned(),
        advice: text.to_owned(),
        authority: vec![Citation {
            cite: text.to_owned(),
            date: None,
            url: text.to_owned(),
            certainty: text.to_owned(),
        }],
        ..(*found.rule).clone()
    });
    let mut outcome = screened(it, vec![found], vec![(2, met)]);
    if let Outcome::Screened { screening, .. } = &mut outcome {
        screening.verdict = Verdict::Unscreened;
        screening.unscreenable.push(Unscreenable { at: Some(at(12, text)), reason: text.to_owned() });
    }
    let unreadable = Outcome::Unreadable(RowFault {
        file: Arc::from(text),
        line: 13,
        column: Some(Arc::from(text)),
        reference: text.to_owned(),
        reason: text.to_owned(),
    });
    let mut clean = shipment(text, 14, (text, "DE"));
    clean.file = Arc::from(text);
    vec![outcome, unreadable, screened(clean, Vec::new(), Vec::new())]
}

pub fn outcomes() -> Vec<Outcome> {
    let chips = screened(
        shipment("SO-1003", 4, ("Bishkek", "KG")),
        vec![finding(
            "DIV-101",
            vec![evidence(
                Subject::Item(0),
                Some(at(4, "HTS")),
                None,
                "HS 8542.31 is on the Common High Priority List, tier 1; the goods go to Kyrgyzstan.",
            )],
        )],
        Vec::new(),
    );
    let vague = screened(
        shipment("", 15, ("Singapore", "SG")),
        vec![finding(
            "DAT-401",
            vec![evidence(
                Subject::Item(0),
                Some(at(15, "Description")),
                None,
                "The description “spare parts” names no goods.",
            )],
        )],
        Vec::new(),
    );
    let mut all = vec![
        listed_shipper(),
        misspelled_intermediary(),
        chips,
        machine_tool(),
        clear("SO-1005", 6, "DE"),
        many_findings(),
        Outcome::Unreadable(RowFault {
            file: Arc::from("demo.csv"),
            line: 10,
            column: Some(Arc::from("Ship-To Name")),
            reference: "SO-1007".to_owned(),
            reason:
                "The row has 9 cells where the head has 14: a quotation mark is not closed. Mend the row."
                    .to_owned(),
        }),
        unscreenable(),
    ];
    all.extend(with_text(HOSTILE));
    all.push(vague);
    all.push(clear("SO-1009", 16, "NL"));
    all
}

/// What a sink writes for a run.
pub fn written(format: Format, options: &Options, header: &RunHeader, outcomes: &[Outcome]) -> String {
    #[derive(Clone, Default)]
    struct Shared(Arc<std::sync::Mutex<Vec<u8>>>);
    impl std::io::Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let out = Shared::default();
    let mut sink = sink(format, Box::new(out.clone()), options.clone());
    run(sink.as_mut(), header, outcomes).unwrap();
    drop(sink);
    let bytes = out.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// # Errors
/// When the sink refuses.
pub fn run(sink: &mut dyn Sink, header: &RunHeader, outcomes: &[Outcome]) -> std::io::Result<()> {
    let mut summary = Summary::default();
    sink.begin(header)?;
    for outcome in outcomes {
        summary.rows_in += outcome.rows();
        summary.add(outcome);
        sink.outcome(outcome)?;
    }
    sink.end(&summary)
}
