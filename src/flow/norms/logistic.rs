//! Weights for signals, fitted on labelled lines: logistic regression by
//! Newton's steps with a small ridge. The same lines give the same weights.

use super::signals::{SIGNALS, Signals};

const N: usize = SIGNALS.len();
/// What the squares of the weights cost, in lines.
const RIDGE: f64 = 1.0;
const STEPS: usize = 25;

/// How signals are weighed.
#[derive(Clone, PartialEq, Debug)]
pub struct Weights {
    pub mean: Signals,
    /// Above 0.
    pub deviation: Signals,
    /// Per deviation.
    pub weight: Signals,
    pub intercept: f64,
}

impl Weights {
    /// The logarithm of the odds, and what each signal adds to it.
    #[must_use]
    pub fn weigh(&self, signals: &Signals) -> (f64, Signals) {
        let mut parts = [0.0; N];
        for (place, part) in parts.iter_mut().enumerate() {
            *part = (signals[place] - self.mean[place]) / self.deviation[place] * self.weight[place];
        }
        (self.intercept + parts.iter().sum::<f64>(), parts)
    }

    /// Fixed weights on signals whose middle and spread are those of the lines.
    #[must_use]
    pub fn fixed(lines: &[Signals], weight: Signals) -> Self {
        let (mean, deviation) = moments(lines);
        Self { mean, deviation, weight, intercept: 0.0 }
    }

    /// Weights under which the labels are likeliest.
    #[must_use]
    #[expect(clippy::needless_range_loop, reason = "rows and columns, as the textbooks write it")]
    pub fn fit(lines: &[Signals], wrong: &[bool]) -> Self {
        let (mean, deviation) = moments(lines);
        let rows: Vec<[f64; N + 1]> = lines
            .iter()
            .map(|line| {
                let mut row = [1.0; N + 1];
                for place in 0..N {
                    row[place + 1] = (line[place] - mean[place]) / deviation[place];
                }
                row
            })
            .collect();
        let mut weights = [0.0; N + 1];
        for _ in 0..STEPS {
            let mut gradient = [0.0; N + 1];
            let mut curvature = [[0.0; N + 1]; N + 1];
            for (row, wrong) in rows.iter().zip(wrong) {
                let sum: f64 = row.iter().zip(&weights).map(|(a, b)| a * b).sum();
                let chance = 1.0 / (1.0 + (-sum).exp());
                let miss = f64::from(u8::from(*wrong)) - chance;
                let bend = chance * (1.0 - chance);
                for i in 0..=N {
                    gradient[i] += row[i] * miss;
                    for j in 0..=i {
                        curvature[i][j] += row[i] * row[j] * bend;
                    }
                }
            }
            for i in 0..=N {
                for j in 0..i {
                    curvature[j][i] = curvature[i][j];
                }
                if i > 0 {
                    gradient[i] -= RIDGE * weights[i];
                }
                curvature[i][i] += if i > 0 { RIDGE } else { 1e-9 };
            }
            let step = solve(curvature, gradient);
            let mut moved: f64 = 0.0;
            for i in 0..=N {
                weights[i] += step[i];
                moved = moved.max(step[i].abs());
            }
            if moved < 1e-9 {
                break;
            }
        }
        let mut weight = [0.0; N];
        weight.copy_from_slice(&weights[1..]);
        Self { mean, deviation, weight, intercept: weights[0] }
    }
}

fn moments(lines: &[Signals]) -> (Signals, Signals) {
    let (mut mean, mut deviation) = ([0.0; N], [1.0; N]);
    #[expect(clippy::cast_precision_loss, reason = "a count of lines")]
    let count = lines.len().max(1) as f64;
    for place in 0..N {
        mean[place] = lines.iter().map(|line| line[place]).sum::<f64>() / count;
        let square = lines.iter().map(|line| (line[place] - mean[place]).powi(2)).sum::<f64>() / count;
        // A signal that is always the same says nothing.
        deviation[place] = if square > 1e-12 { square.sqrt() } else { 1.0 };
    }
    (mean, deviation)
}

/// Solves `a x = b` by elimination, the largest pivot first.
#[expect(clippy::needless_range_loop, reason = "rows and columns, as the textbooks write it")]
fn solve(mut a: [[f64; N + 1]; N + 1], mut b: [f64; N + 1]) -> [f64; N + 1] {
    for column in 0..=N {
        let pivot = (column..=N).max_by(|x, y| a[*x][column].abs().total_cmp(&a[*y][column].abs()));
        let pivot = pivot.unwrap_or(column);
        a.swap(column, pivot);
        b.swap(column, pivot);
        if a[column][column].abs() < 1e-12 {
            continue;
        }
        for row in column + 1..=N {
            let part = a[row][column] / a[column][column];
            for place in column..=N {
                a[row][place] -= part * a[column][place];
            }
            b[row] -= part * b[column];
        }
    }
    let mut x = [0.0; N + 1];
    for row in (0..=N).rev() {
        let rest: f64 = (row + 1..=N).map(|place| a[row][place] * x[place]).sum();
        x[row] = if a[row][row].abs() < 1e-12 { 0.0 } else { (b[row] - rest) / a[row][row] };
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_that_tells_gets_weight_and_one_that_does_not_gets_none() {
        let mut lines = Vec::new();
        let mut wrong = Vec::new();
        for i in 0..4000u32 {
            let mut line = [0.0; N];
            line[0] = f64::from(i % 10);
            line[1] = f64::from((i / 7) % 10);
            lines.push(line);
            wrong.push((i * 7919 % 100) < 5 + 6 * (i % 10));
        }
        let weights = Weights::fit(&lines, &wrong);
        assert!(weights.weight[0] > 0.4, "{:?}", weights.weight);
        assert!(weights.weight[1].abs() < 0.1, "{:?}", weights.weight);
        assert!(weights.weight[2].abs() < 1e-9);
        assert!(weights.weigh(&lines[9]).0 > weights.weigh(&lines[0]).0);
    }
}
