//! The goods adviser: what a description names, and how its figures stand to
//! the limits of a small pack.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use redflag::diagnostic::SourceFile;
use redflag::goods::{Assessment, Outcome, Products};

const PACK: &str = r#"
[pack]
id = "test-products"
title = "Products for tests"
source = "own"
date = 2026-11-25
certainty = "from memory"

[[product]]
id = "adc"
title = "Analogue-to-digital converters"
terms = ["analog to digital converter", "adc", "analog digital wandler", "ацп", "аналого-цифровой преобразователь", "模数转换器"]
weak_terms = ["converter"]
context = ["bit", "sampling"]
exclude = ["toy", "usb c adapter"]
parts = [{ prefix = "AD9208", maker = "Analog Devices", certainty = "from memory" }]
hs = ["854239"]
ask = ["resolution", "sample-rate"]
lower = "3A991"

[[product.paragraph]]
code = "3A001.a.5.a.1"
eu = "3A001.a.5.a.1"
title = "8 bits to below 10"
limits = [
  { quantity = "resolution", at_least = 8, below = 10, unit = "bit" },
  { quantity = "sample-rate", above = 1.3, unit = "GSPS" },
]
cite = "3A001.a.5.a.1"

[[product.paragraph]]
code = "3A001.a.5.a.4"
eu = "3A001.a.5.a.4"
title = "14 bits to below 16"
limits = [
  { quantity = "resolution", at_least = 14, below = 16, unit = "bit" },
  { quantity = "sample-rate", above = 250, unit = "MSPS" },
]
cite = "3A001.a.5.a.4"
certainty = ""
note = "also as part of a module"

[[product.paragraph]]
code = "3A001.a.1"
eu = "3A001.a.1"
title = "Withstands radiation"
words = ["radiation hardened", "rad hard"]
cite = "3A001.a.1"

[[product]]
id = "fpga"
title = "Field programmable logic devices"
terms = ["field programmable gate array", "fpga", "плис"]
ask = ["io-count", "serial-data-rate", "operating-temperature"]
parts = [{ prefix = "XC7K325T", maker = "AMD Xilinx" }]
lower = "3A991"

[[product.paragraph]]
code = "3A001.a.7.b"
eu = "3A001.a.7.b"
title = "Aggregate rate of serial transceivers"
limits = [{ quantity = "serial-data-rate", at_least = 500, unit = "Gbit/s" }]
cite = "3A001.a.7.b"

[[product.paragraph]]
code = "3A001.a.2.c"
eu = "3A001.a.2.c"
title = "Rated over the whole range of temperatures"
limits = [{ quantity = "operating-temperature", at_most = -55, at_least = 125, unit = "°C" }]
cite = "3A001.a.2.c"

[[product]]
id = "gyro"
title = "Gyroscopes"
terms = ["gyroscope", "gyro", "kreisel", "гироскоп", "陀螺仪"]
exclude = ["gyro wheel", "kebab"]
ask = ["bias-stability", "angle-random-walk", "rate-range"]
lower = "7A994"

[[product.paragraph]]
code = "7A002.a.1"
eu = "7A002.a.1"
title = "Bias stability below 0.5 degrees an hour"
limits = [{ quantity = "bias-stability", below = 0.5, unit = "°/h" }]
cite = "7A002.a.1"

[[product]]
id = "carbon-fibre"
title = "Carbon fibre"
terms = ["carbon fibre", "kohlenstofffaser", "kohlefaser", "углеродное волокно", "fibra de carbono", "碳纤维"]
exclude = ["bicycle", "phone case"]
ask = ["tensile-modulus", "tensile-strength"]
lower = "1C990"

[[product.paragraph]]
code = "1C210.a"
eu = "1C210.a"
title = "High modulus"
limits = [{ quantity = "tensile-modulus", at_least = 230, unit = "GPa" }]
cite = "1C210.a"

[[product]]
id = "vacuum-pump"
title = "Vacuum pumps"
terms = ["vacuum pump", "vakuumpumpe", "вакуумный насос", "pompe à vide", "bomba de vacío", "真空泵"]
exclude = ["aquarium"]
ask = ["inlet-size", "pumping-speed", "ultimate-vacuum"]
lower = "2B999"

[[product.paragraph]]
code = "2B231"
eu = "2B231"
title = "Throat of 380 mm, 15 m³/s, below 13 mPa"
limits = [
  { quantity = "inlet-size", at_least = 380, unit = "mm" },
  { quantity = "pumping-speed", at_least = 15, unit = "m³/s" },
  { quantity = "ultimate-vacuum", below = 13, unit = "mPa" },
]
cite = "2B231"

[[product]]
id = "camera"
title = "Infrared cameras"
terms = ["infrared camera", "thermal camera", "ir camera", "тепловизор", "тепловизионная камера", "wärmebildkamera"]
ask = ["elements", "frame-rate", "pixel-pitch", "wavelength"]

[[product.paragraph]]
code = "6A003.b.4.b"
eu = "6A003.b.4.b"
title = "Focal plane array of more than 111,000 elements above 9 Hz"
limits = [
  { quantity = "elements", above = 111_000, unit = "elements" },
  { quantity = "frame-rate", above = 9, unit = "Hz" },
]
cite = "6A003.b.4.b"
"#;

fn products() -> &'static Products {
    static PRODUCTS: std::sync::LazyLock<Products> = std::sync::LazyLock::new(|| {
        let (products, mistakes) = Products::load(&[SourceFile::new("test.toml", PACK)]);
        let shown: Vec<String> = mistakes.iter().map(|mistake| mistake.render(false)).collect();
        assert!(shown.is_empty(), "{}", shown.join("\n"));
        products.unwrap()
    });
    &PRODUCTS
}

fn assess(description: &str) -> Vec<Assessment> {
    products().assess(description)
}

/// The outcome of a paragraph, of the product that has it.
fn outcome(description: &str, code: &str) -> Option<Outcome> {
    let all = assess(description);
    all.iter().flat_map(|a| &a.suggestions).find(|s| s.code == code).map(|s| s.outcome)
}

#[test]
fn the_arithmetic_is_told_in_plain_words() {
    let found = assess("ADC 14-bit, 1.25 GSPS");
    assert_eq!(found.len(), 1);
    let first = &found[0].suggestions[0];
    assert_eq!((first.code.as_str(), first.outcome), ("3A001.a.5.a.4", Outcome::Met));
    assert_eq!(
        first.reasons,
        [
            "resolution 14 bit is at least 14 bit and below 16 bit",
            "sample rate 1.25 GSPS (= 1250 MSPS) is above 250 MSPS"
        ]
    );
    assert_eq!(first.note, "also as part of a module");
    assert_eq!(first.certainty, "");
    assert_eq!(found[0].lower, None);
}

#[test]
fn each_paragraph_is_met_ruled_out_or_not_stated() {
    use Outcome::{Met, NotStated, RuledOut};
    for (text, code, expected) in [
        ("ADC 14 bit 1.25 GSPS", "3A001.a.5.a.4", Some(Met)),
        ("14bit converter 1,25 GS/s", "3A001.a.5.a.4", Some(Met)),
        ("14位模数转换器 1.25GSPS", "3A001.a.5.a.4", Some(Met)),
        ("АЦП 14 бит 1,25 Гвыб/с", "3A001.a.5.a.4", Some(Met)),
        ("Analog-Digital-Wandler 14 Bit, 500 MS/s", "3A001.a.5.a.4", Some(Met)),
        ("ADC 14 bit 250 MSPS", "3A001.a.5.a.4", Some(RuledOut)),
        ("ADC 14 bit > 250 MSPS", "3A001.a.5.a.4", Some(Met)),
        ("ADC 12 bit 1.25 GSPS", "3A001.a.5.a.4", Some(RuledOut)),
        ("ADC 14 bit", "3A001.a.5.a.4", Some(NotStated)),
        ("ADC", "3A001.a.5.a.4", Some(NotStated)),
        ("AD9208BBPZ-3000", "3A001.a.5.a.4", Some(NotStated)),
        ("rad-hard ADC", "3A001.a.1", Some(Met)),
        ("ADC 14 bit", "3A001.a.1", Some(NotStated)),
        ("toy with ADC 14 bit 1.25 GSPS", "3A001.a.5.a.4", None),
        ("converter for socket", "3A001.a.5.a.4", None),
        ("FPGA -55°C to +125°C", "3A001.a.2.c", Some(Met)),
        ("FPGA -40 to 85 °C", "3A001.a.2.c", Some(RuledOut)),
        ("FPGA up to 125 °C", "3A001.a.2.c", Some(NotStated)),
        ("XC7K325T-2FFG900I", "3A001.a.7.b", Some(NotStated)),
        ("gyro bias stability 0.3°/h", "7A002.a.1", Some(Met)),
        ("fibre optic gyroscope, range ±300 °/s, bias instability 1 deg/hr", "7A002.a.1", Some(RuledOut)),
        ("gyroscopes 0.05 °/h, ARW 0.005 °/√h", "7A002.a.1", Some(Met)),
        ("gyroscpoe 0.05 deg/hr", "7A002.a.1", Some(Met)),
        ("гироскопы дрейф 0,05 °/ч", "7A002.a.1", Some(Met)),
        ("gyro kebab grill", "7A002.a.1", None),
        ("carbon fiber tow 295 GPa", "1C210.a", Some(Met)),
        ("Kohlenstofffasern Zugmodul 240 GPa", "1C210.a", Some(Met)),
        ("carbon fibre, tensile strength 4.9 GPa, tensile modulus 230 GPa", "1C210.a", Some(Met)),
        ("углеродного волокна модуль 200 ГПа", "1C210.a", Some(RuledOut)),
        ("carbon fibre bicycle 295 GPa", "1C210.a", None),
        ("Hochvakuumpumpe DN 400 mm, 16000 l/s, 1×10⁻⁷ mbar", "2B231", Some(Met)),
        ("Vakuumpumpen Saugvermögen 15 m³/h", "2B231", Some(RuledOut)),
        ("bombas de vacío 1e-3 mbar", "2B231", Some(RuledOut)),
        ("IR camera 640x512 60 Hz", "6A003.b.4.b", Some(Met)),
        ("thermal camera 160×120, 9 Hz", "6A003.b.4.b", Some(RuledOut)),
        ("тепловизор 640х512, частота кадров 50 Гц", "6A003.b.4.b", Some(Met)),
        ("Wärmebildkameras 384x288 pixels 25 fps", "6A003.b.4.b", Some(RuledOut)),
        ("Wärmebildkameras 640x480 pixels 25 fps", "6A003.b.4.b", Some(Met)),
        ("АЦП 14 бит, частота дискретизации 1,25 ГГц", "3A001.a.5.a.4", Some(Met)),
    ] {
        let got = outcome(text, code);
        assert_eq!(got, expected, "{text}: {:#?}", assess(text));
    }
}

#[test]
fn words_of_everyday_goods_silence_no_figure_that_reaches_a_limit() {
    let assess = |text: &str| Products::shipped().assess(text);
    for text in
        ["ADC 14-bit, 1.25 GSPS, for kids", "ADC 14 bit 1,25 GSPS, Küche", "ADC 14 bit 1.25 GSPS, cocina"]
    {
        let found = assess(text);
        let met = |one: &&Assessment| one.suggestions.iter().any(|s| s.outcome == Outcome::Met);
        let told = found.iter().find(met).unwrap_or_else(|| panic!("{text}: {found:#?}"));
        assert!(told.by.ends_with("beside words of everyday goods"), "{text}: {}", told.by);
    }
    // Without such figures they do.
    for text in ["ADC for kids", "ADC 12 bit 10 MSPS, toy", "homebrew fermenter 30 l"] {
        assert!(assess(text).is_empty(), "{text}");
    }
}

#[test]
fn the_lower_entry_is_proposed_where_stated_figures_reach_nothing() {
    assert_eq!(assess("ADC 12 bit 10 MSPS")[0].lower.as_deref(), Some("3A991"));
    assert_eq!(assess("ADC 14 bit")[0].lower, None);
    assert_eq!(assess("ADC")[0].lower, None);
    assert_eq!(assess("ADC 14 bit 1 GSPS")[0].lower, None);
}

#[test]
fn what_is_missing_is_asked_for_in_order() {
    let found = assess("ADC");
    let paragraph = found[0].suggestions.iter().find(|s| s.code == "3A001.a.5.a.4").unwrap();
    assert_eq!(paragraph.ask, ["resolution (bit)", "sample rate (GSPS)"]);
    let found = assess("ADC 14 bit");
    let paragraph = found[0].suggestions.iter().find(|s| s.code == "3A001.a.5.a.4").unwrap();
    assert_eq!(paragraph.ask, ["sample rate (GSPS)"]);
}

#[test]
fn every_mistake_of_a_pack_shows_at_once() {
    let text = r#"
[pack]
id = "x"
title = "x"
source = "x"
date = 2026-11-25

[[product]]
id = "a"
title = "A"
terms = ["a b", "!!"]
weak_terms = ["c"]
ask = ["resolutoin"]
colour = "red"
hs = ["85x"]
parts = [{ prefix = "A" }]

[[product.paragraph]]
code = "3A1"
title = "T"
cite = "c"
limits = [
  { quantity = "resolution", at_least = 8, unit = "GHz" },
  { quantity = "sample-rate", unit = "MSPS" },
  { quantity = "frequency", above = 1, unit = "GHx" },
]

[[product]]
id = "a"
title = "A"
"#;
    let (products, mistakes) = Products::load(&[SourceFile::new("x.toml", text)]);
    assert!(products.is_none());
    let all: Vec<String> = mistakes.iter().map(|m| format!("{} {}", m.message, m.help)).collect();
    for part in [
        "no letters that can be looked for",
        "`context`, which is missing",
        "did you mean `resolution`?",
        "unknown key `colour`",
        "not a tariff code",
        "three letters or digits",
        "not a code of a control list",
        "no unit of resolution",
        "a limit needs",
        "unknown unit `GHx`",
        "defined twice",
        "neither `terms`",
    ] {
        assert!(all.iter().any(|message| message.contains(part)), "{part}: {all:#?}");
    }
    assert!(mistakes.iter().all(|mistake| mistake.line_column().is_some()));
}

/// Every quantity and unit of the shipped packs is in the tables. Lists all
/// that are not, so that the tables can be completed in one pass.
#[test]
fn the_shipped_products_load_without_a_mistake() {
    let (products, mistakes) = Products::load(&Products::shipped_files());
    let mut lacking: Vec<String> = mistakes
        .iter()
        .map(|m| {
            let (line, _) = m.line_column().unwrap_or_default();
            let file = m.place.as_ref().map(|(file, _)| file.name.to_string()).unwrap_or_default();
            format!("{} ({}) {file}:{line}", m.message, m.help)
        })
        .collect();
    lacking.sort();
    assert!(products.is_some() && lacking.is_empty(), "{}", lacking.join("\n"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(256))]

    #[test]
    fn any_description_can_be_assessed(text in "\\PC*") {
        let _ = products().assess(&text);
    }

    #[test]
    fn any_mixture_of_terms_and_figures_can_be_assessed(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "adc", "14 bit", "1.25 GSPS", "converter", "gyro", "0.3°/h", "640x512", "camera", "infrared",
                "2-18 GHz", "АЦП", "14位", "模数转换器", "AD9208", "-", ",", "to", "×10⁻³", "mbar", "toy", "%",
            ]),
            0..12,
        ),
    ) {
        let _ = products().assess(&parts.join(" "));
        let _ = products().assess(&parts.concat());
    }

    #[test]
    fn a_larger_figure_never_leaves_an_above_limit(rate in 1u32..100_000, more in 0u32..100_000) {
        let met = |rate: u32| outcome(&format!("ADC 14 bit {rate} MSPS"), "3A001.a.5.a.4") == Some(Outcome::Met);
        proptest::prop_assert!(!met(rate) || met(rate + more));
        proptest::prop_assert_eq!(met(rate), rate > 250);
    }

    #[test]
    fn an_excluding_word_always_silences(
        before in "[a-z0-9 ,]{0,20}",
        after in "[a-z0-9 ,]{0,20}",
    ) {
        let text = format!("{before} toy {after} ADC 14 bit 1 GSPS");
        proptest::prop_assert!(products().assess(&text).iter().all(|a| &*a.product != "adc"));
    }
}
