//! The evaluation for programs: one object, keys in alphabetical order.
//!
//! `null` stands where there is nothing to tell, never NaN or infinity.

use serde_json::{Map, Value, json};

use crate::evaluation::{ClassFigures, Confusion, Evaluation, Group, PairEvaluation, PairStep, Point, Share};

use super::notes::notes;
use super::{About, Figures, Scorer};

pub fn render(about: &About, figures: &Figures) -> String {
    let mut value = match figures {
        Figures::Queries(evaluation) => of_queries(about, evaluation),
        Figures::Pairs(pairs) => of_pairs(pairs),
    };
    if let Some(object) = value.as_object_mut() {
        object.insert("about".to_owned(), head(about, figures));
    }
    format!("{value:#}\n")
}

fn head(about: &About, figures: &Figures) -> Value {
    let scores = match &about.scores {
        Scorer::Matching { min_score, top } => json!({"by": "matching", "min_score": min_score, "top": top}),
        Scorer::Comparing => json!({"by": "comparing"}),
        Scorer::File { name, sha256 } => json!({"by": "file", "file": name, "sha256": sha256}),
    };
    let list = |list: &std::sync::Arc<crate::watchlist::ListInfo>| {
        json!({
            "id": list.id,
            "title": list.title,
            "date": list.edition.date.map(|date| date.to_string()),
            "entries": list.edition.entries,
            "names": list.edition.names,
            "sha256": list.edition.sha256,
        })
    };
    json!({
        "program": "redflag",
        "version": about.program_version,
        "file": about.file,
        "sha256": about.sha256,
        "scores": scores,
        "lists": about.lists.iter().map(list).collect::<Vec<_>>(),
        "notes": notes(about, figures),
    })
}

fn of_queries(about: &About, evaluation: &Evaluation) -> Value {
    let at_fpr: Map<String, Value> =
        evaluation.at_rates.iter().map(|(rate, at)| (rate.to_string(), point(evaluation, at))).collect();
    let configured: Map<String, Value> =
        evaluation.configured.iter().map(|(name, at)| ((*name).to_owned(), point(evaluation, at))).collect();
    let suggested = evaluation.suggestion.as_ref().map(|suggestion| {
        let mut value = point(evaluation, &suggestion.point);
        if let Some(object) = value.as_object_mut() {
            object.insert("target_alarm_rate".to_owned(), json!(suggestion.target_alarm_rate));
        }
        value
    });
    let sweep = evaluation.sweep.iter().map(|step| {
        json!({
            "threshold": step.threshold,
            "recall": step.recall.value(),
            "fpr": step.false_positives.value(),
            "precision": step.precision().value(),
        })
    });
    let bands = evaluation.calibration.iter().map(|band| {
        json!({
            "low": band.low,
            "high": band.high,
            "n": band.right.of,
            "right": band.right.count,
            "share": band.right.value(),
            "share_ci95": interval(band.right),
        })
    });
    json!({
        "n_pos": evaluation.positive_count,
        "n_neg": evaluation.negative_count,
        "n_neg_natural": evaluation.natural_count,
        "n_neg_near": evaluation.near_count,
        "hits_for_unknown_queries": about.hits_for_unknown_queries,
        "neg_used": evaluation.negatives.key(),
        "auc_roc": evaluation.auc,
        "partial_auc_fpr5": evaluation.partial_auc,
        "average_precision": evaluation.average_precision,
        "at_fpr": at_fpr,
        "per_class": per_class(evaluation),
        "configured": configured,
        "suggested": suggested,
        "sweep": sweep.collect::<Vec<_>>(),
        "calibration": bands.collect::<Vec<_>>(),
    })
}

fn per_class(evaluation: &Evaluation) -> Map<String, Value> {
    let class = |(at, class): (usize, &ClassFigures)| {
        let of = |point: &Point| point.by_class.get(at).and_then(|(_, share)| share.value());
        let recall: Map<String, Value> =
            evaluation.at_rates.iter().map(|(rate, point)| (rate.to_string(), json!(of(point)))).collect();
        (class.class.clone(), json!({"n": class.positives, "recall": recall, "auc": class.auc}))
    };
    evaluation.classes.iter().enumerate().map(class).collect()
}

fn interval(share: Share) -> Value {
    share.interval().map_or(Value::Null, |(low, high)| json!([low, high]))
}

fn shares(groups: &[(String, Share)]) -> Map<String, Value> {
    groups.iter().map(|(name, share)| (name.clone(), json!(share.value()))).collect()
}

fn point(evaluation: &Evaluation, point: &Point) -> Value {
    let alarms = point.among(evaluation.negatives);
    let lists: Map<String, Value> = point
        .by_list
        .iter()
        .map(|list| {
            let figures = json!({
                "n_pos": list.recall.of,
                "recall": list.recall.value(),
                "recall_through_list": list.through.value(),
                "fpr": list.false_positives.value(),
            });
            (list.list.clone(), figures)
        })
        .collect();
    json!({
        "threshold": point.threshold,
        "recall": point.recall.value(),
        "recall_ci95": interval(point.recall),
        "macro_recall": point.macro_recall,
        "precision_on_this_set": point.precision.value().unwrap_or(0.0),
        "true_entity_ranked_first": point.true_first.value(),
        "fpr": alarms.value(),
        "fpr_ci95": interval(alarms),
        "fpr_natural": point.natural.value(),
        "fpr_near": point.near.value(),
        "recall_by_class": shares(&point.by_class),
        "recall_by_kind": shares(&point.by_kind),
        "fpr_by_negative_class": shares(&point.by_negative_class),
        "by_list": lists,
    })
}

fn of_pairs(pairs: &PairEvaluation) -> Value {
    let sweep = pairs.sweep.iter().map(|step| {
        json!({
            "threshold": step.threshold,
            "precision": step.counts.precision(),
            "recall": step.counts.recall(),
            "f1": step.counts.f1(),
        })
    });
    json!({
        "n": pairs.pairs,
        "n_match": pairs.matches,
        "missing_scores": pairs.missing,
        "threshold": pairs.at_threshold.threshold,
        "at_threshold": confusion(&pairs.at_threshold.counts),
        "best": best(&pairs.best),
        "auc_roc": pairs.auc,
        "per_quality": groups(&pairs.by_quality),
        "per_group": groups(&pairs.by_group),
        "per_schema": groups(&pairs.by_schema),
        "sweep": sweep.collect::<Vec<_>>(),
    })
}

fn confusion(counts: &Confusion) -> Value {
    json!({
        "tp": counts.true_positives,
        "fp": counts.false_positives,
        "fn": counts.false_negatives,
        "tn": counts.true_negatives,
        "precision": counts.precision(),
        "recall": counts.recall(),
        "f1": counts.f1(),
    })
}

fn best(step: &PairStep) -> Value {
    let mut value = confusion(&step.counts);
    if let Some(object) = value.as_object_mut() {
        object.insert("threshold".to_owned(), json!(step.threshold));
    }
    value
}

fn groups(groups: &[Group]) -> Map<String, Value> {
    let figures = |group: &Group| {
        let at = &group.at_threshold;
        let figures = json!({
            "n": at.true_positives + at.false_positives + at.false_negatives + at.true_negatives,
            "f1_at_threshold": at.f1(),
            "f1_at_best_threshold": group.at_best.f1(),
            "accuracy_at_best": group.at_best.accuracy(),
        });
        (group.name.clone(), figures)
    };
    groups.iter().map(figures).collect()
}
