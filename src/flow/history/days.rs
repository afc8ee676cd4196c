//! Sums by day of one thing, ready to be asked for any stretch of days.

use rust_decimal::Decimal;

use super::measure::Measure;
use super::order::Day;
use super::record::Totals;

/// A day of one measure.
#[derive(Clone, Copy, Debug)]
struct Step {
    day: Day,
    /// Of all days up to this one.
    sum: Decimal,
    /// The largest that a shipment of the day gave.
    largest: Decimal,
}

/// Sums by day.
#[derive(Clone, Debug, Default)]
pub struct DayPast {
    /// Day, and shipments of all days up to it.
    shipments: Vec<(Day, u64)>,
    /// By measure.
    steps: Vec<(Measure, Vec<Step>)>,
}

impl DayPast {
    /// From the totals of days, in any order; a day may come several times.
    #[must_use]
    pub fn of(mut days: Vec<(Day, Totals)>) -> Self {
        days.sort_by_key(|(day, _)| *day);
        let mut past = Self::default();
        let mut joined: Vec<(Day, Totals)> = Vec::with_capacity(days.len());
        for (day, totals) in days {
            match joined.last_mut().filter(|(last, _)| *last == day) {
                Some((_, sum)) => sum.add(&totals),
                None => joined.push((day, totals)),
            }
        }
        let mut shipments = 0;
        for (day, totals) in joined {
            shipments += totals.shipments;
            past.shipments.push((day, shipments));
            for sum in totals.sums {
                let place = past.steps.iter().position(|(measure, _)| *measure == sum.measure);
                let place = place.unwrap_or_else(|| {
                    past.steps.push((sum.measure, Vec::new()));
                    past.steps.len() - 1
                });
                if let Some((_, steps)) = past.steps.get_mut(place) {
                    let before = steps.last().map_or(Decimal::ZERO, |step| step.sum);
                    steps.push(Step { day, sum: before.saturating_add(sum.total), largest: sum.largest });
                }
            }
        }
        past
    }

    /// The first day.
    #[must_use]
    pub fn first(&self) -> Option<Day> {
        self.shipments.first().map(|(day, _)| *day)
    }

    /// Shipments on days from `from` to before `to`.
    #[must_use]
    pub fn shipments(&self, from: Day, to: Day) -> u64 {
        let up_to = |day: Day| {
            let count = self.shipments.partition_point(|(other, _)| *other < day);
            count.checked_sub(1).and_then(|last| self.shipments.get(last)).map_or(0, |(_, sum)| *sum)
        };
        up_to(to).saturating_sub(up_to(from))
    }

    /// The sum of days from `from` to before `to`.
    #[must_use]
    pub fn sum(&self, measure: Measure, from: Day, to: Day) -> Decimal {
        let steps = self.steps(measure);
        let up_to = |day: Day| {
            let count = steps.partition_point(|step| step.day < day);
            count.checked_sub(1).and_then(|last| steps.get(last)).map_or(Decimal::ZERO, |step| step.sum)
        };
        up_to(to).saturating_sub(up_to(from))
    }

    /// The largest that one shipment gave on days from `from` to before `to`.
    #[must_use]
    pub fn largest(&self, measure: Measure, from: Day, to: Day) -> Decimal {
        let steps = self.steps(measure);
        let (start, end) =
            (steps.partition_point(|step| step.day < from), steps.partition_point(|step| step.day < to));
        let within = steps.get(start..end).unwrap_or_default();
        within.iter().map(|step| step.largest).max().unwrap_or_default()
    }

    fn steps(&self, measure: Measure) -> &[Step] {
        self.steps.iter().find(|(other, _)| *other == measure).map_or(&[], |(_, steps)| steps)
    }
}
