//! Made-up trade with what is to be found and what must not be.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "made-up figures"
)]

use std::fmt::Write as _;

/// A generator of its own, so that a seed gives the same trade for ever.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    /// From 0 to 1.
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        (z >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Log-normal around 1.
    fn noise(&mut self, spread: f64) -> f64 {
        let normal =
            (-2.0 * self.unit().max(1e-12).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos();
        (spread * normal).exp()
    }
}

pub const PARTNERS: [&str; 8] = ["AM", "GE", "KG", "KZ", "RU", "TR", "AE", "RS"];
pub const MONTHS: usize = 42;

/// Trade in a code toward a partner, and what is true of it.
pub struct Series {
    pub code: String,
    pub partner: &'static str,
    pub values: Vec<f64>,
    pub weights: Vec<f64>,
    pub truth: Truth,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Truth {
    /// Nothing happens.
    Calm,
    /// A rise that begins in that month.
    Rise(usize),
    /// A rise in that month that mirrors a fall toward Russia.
    Mirror(usize),
    /// Something that looks like a rise and is none; in words.
    Decoy(&'static str),
    /// The falling half of a mirror image.
    Fall,
}

/// The trade of one seed. `weights` gives every row a weight as well.
pub fn trade(seed: u64) -> Vec<Series> {
    let mut dice = Dice::new(seed);
    let mut all = Vec::new();
    for number in 0..24 {
        let code = format!("8{number:02}110");
        for partner in PARTNERS {
            let truth = truth(number, partner, &mut dice);
            all.push(series(&code, partner, truth, number, &mut dice));
        }
    }
    all
}

fn truth(number: usize, partner: &str, dice: &mut Dice) -> Truth {
    let begin = 24 + (dice.unit() * 8.0) as usize;
    match (number, partner) {
        // The last two: from nothing, of goods sold elsewhere before; slowly.
        (0 | 1 | 14, "KG") | (2, "AE") | (15, "TR") => Truth::Rise(begin),
        (3, "RU") => Truth::Fall,
        (3, "KZ") => Truth::Mirror(27),
        (3, "AM") => Truth::Mirror(28),
        (4, "TR") => Truth::Decoy("seasonal peak"),
        (5, "KG") => Truth::Decoy("steady growth"),
        (6, "AM") => Truth::Decoy("one large order"),
        (7, _) => Truth::Decoy("price jump everywhere"),
        (8, "GE") => Truth::Decoy("price jump here, weight as before"),
        (9, _) => Truth::Decoy("new product"),
        (10, "RS") => Truth::Decoy("reporting gap, then all at once"),
        (11, "KZ") => Truth::Decoy("a dip and the return"),
        (12, "AE") => Truth::Decoy("a season that also grows"),
        (13, _) => Truth::Decoy("growth everywhere"),
        _ => Truth::Calm,
    }
}

fn series(code: &str, partner: &'static str, truth: Truth, number: usize, dice: &mut Dice) -> Series {
    let size = dice.between(20_000.0, 200_000.0) * if partner == "RU" { 10.0 } else { 1.0 };
    let spread = dice.between(0.1, 0.35);
    let lumpy = truth == Truth::Calm && dice.unit() < 0.25;
    let (begin, strength) = (24 + (dice.unit() * 8.0) as usize, dice.between(4.0, 6.0));
    let order = dice.between(8.0, 20.0);
    let mut held = 0.0;
    let mut values = Vec::new();
    let mut weights = Vec::new();
    for month in 0..MONTHS {
        let mut price = 1.0;
        let mut level = size * dice.noise(spread);
        if lumpy && dice.unit() < 0.7 {
            level = 0.0;
        }
        let season = month % 12;
        let since = |start: usize| month.saturating_sub(start) as f64;
        match truth {
            Truth::Rise(start) if number == 14 => level *= if month >= start { 3.0 } else { 0.0 },
            Truth::Rise(start) if number == 15 && month >= start => {
                level *= (1.0 + 0.6 * (since(start) + 1.0)).min(strength);
            }
            Truth::Rise(start) if number < 14 && month >= start => level *= strength,
            Truth::Fall if month >= 26 => level *= 0.1,
            Truth::Mirror(start) if month >= start => level *= strength,
            Truth::Decoy("seasonal peak") if season >= 10 => level *= 3.0,
            Truth::Decoy("steady growth") => level *= 1.04_f64.powi(month as i32),
            Truth::Decoy("one large order") if month == begin => level *= order,
            Truth::Decoy("price jump everywhere") if month >= begin.clamp(26, 30) => price = 2.5,
            Truth::Decoy("price jump here, weight as before") if month >= begin => price = 3.0,
            Truth::Decoy("new product") => level *= if month >= 20 { 1.0 } else { 0.0 },
            Truth::Decoy("reporting gap, then all at once") if (begin..begin + 3).contains(&month) => {
                held += level;
                level = 0.0;
            }
            Truth::Decoy("reporting gap, then all at once") if month == begin + 3 => level += held,
            Truth::Decoy("a dip and the return") if (begin - 4..begin).contains(&month) => level *= 0.1,
            Truth::Decoy("a season that also grows") => {
                level *= 1.015_f64.powi(month as i32) * if season == 5 || season == 6 { 2.5 } else { 1.0 };
            }
            Truth::Decoy("growth everywhere") if month >= 28 => level *= 2.5,
            _ => {}
        }
        weights.push((level / 50.0).round());
        values.push((level * price).round());
    }
    Series { code: code.to_owned(), partner, values, weights, truth }
}

/// As a file of statistics: zeros are left out, as publishers do.
pub fn csv(trade: &[Series]) -> String {
    let mut text = String::from("month,reporter,partner,hs6,export_value_eur,net_weight_kg\n");
    for series in trade {
        for (month, (value, weight)) in series.values.iter().zip(&series.weights).enumerate() {
            if *value > 0.0 {
                let (year, month) = (2019 + month / 12, month % 12 + 1);
                let _ = writeln!(
                    text,
                    "{year}-{month:02},DE,{},{},{value},{weight}",
                    series.partner, series.code
                );
            }
        }
    }
    text
}
