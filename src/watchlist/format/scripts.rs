//! Names that hold two scripts in one text: `Korea Wonbong Trading Corp.
//! (朝鮮元峰貿易会社)`. Knows East Asian writing beside Latin, not which of two
//! writings is the official one.

/// The parts of a name in their scripts, in the order written. A name in one
/// script, with or without parentheses, is one part.
pub(super) fn by_script(name: &str) -> Vec<String> {
    let name = name.replace('（', "(").replace('）', ")");
    let name = name.trim();
    if let Some((before, inside, after)) = last_parentheses(name) {
        let outside = format!("{before} {after}");
        if has_words(&outside) && has_words(inside) && is_east_asian(inside) != is_east_asian(&outside) {
            return [outside.trim(), inside.trim()].map(tidy).into();
        }
        return vec![tidy(name)];
    }
    // `Institute 中国航天 第二十 三`: the rest from the first such letter on.
    let cut = name.find(east_asian).filter(|at| *at > 0);
    if let Some((latin, rest)) = cut.and_then(|at| name.split_at_checked(at))
        && latin.ends_with(' ')
        && !rest.contains(|c: char| c.is_ascii_alphabetic())
    {
        return [latin, rest].map(tidy).into();
    }
    vec![tidy(name)]
}

/// What stands before, in and after the last parentheses.
fn last_parentheses(name: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = name.rsplit_once('(')?;
    let (inside, after) = rest.split_once(')')?;
    Some((before.trim(), inside, after.trim()))
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

pub(super) fn is_east_asian(text: &str) -> bool {
    text.contains(east_asian)
}

const fn east_asian(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_scripts_are_two_names() {
        assert_eq!(by_script("Samsu Works (三水工場)"), ["Samsu Works", "三水工場"]);
        assert_eq!(by_script("General Limited（大眾有限公司 ）"), ["General Limited", "大眾有限公司"]);
        assert_eq!(by_script("哈德公司（Hud Co.）"), ["哈德公司", "Hud Co."]);
        assert_eq!(by_script("Institute 中国航天 第二十"), ["Institute", "中国航天 第二十"]);
        assert_eq!(by_script("Kimia LLC （KIPAS）"), ["Kimia LLC (KIPAS)"]);
        assert_eq!(by_script("Guards Corps (IRGC)"), ["Guards Corps (IRGC)"]);
        assert_eq!(by_script("美国PVH集团"), ["美国PVH集团"]);
        assert_eq!(by_script("x ("), ["x ("]);
    }
}
