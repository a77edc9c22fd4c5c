use super::*;
use proptest::prelude::*;

const ARTICLES: [&str; 3] = [
    "夏收时节，县里的农机手分成三队，赶在雨前下地。粮站早早开了门，过磅的老师傅说，今年的麦子比去年沉。",
    "老站长说，这条线路修了整整三年，光是涵洞就打了四十七座。通车那天，两岸的人都到桥头来看。",
    "县图书馆夏天延长开放两小时，孩子们放学后在阅览室写作业，馆员为他们添了十张小桌子。",
];

fn parts(base: &str, other: &str) -> (Vec<(String, String)>, Vec<String>, Vec<String>) {
    let readings = Readings::new(base, other);
    let ours = |r: &Range<usize>| readings.in_base(r).of(base).to_owned();
    let theirs = |r: &Range<usize>| readings.in_other(r).of(other).to_owned();
    let found = &readings.collation;
    (
        found.differences.iter().map(|d| (ours(&d.base), theirs(&d.other))).collect(),
        found.base_only.iter().map(ours).collect(),
        found.other_only.iter().map(theirs).collect(),
    )
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
}

#[test]
fn articles_in_another_order() {
    let base = ARTICLES.join("\n\n");
    let other = [ARTICLES[2], ARTICLES[0], ARTICLES[1]].join("\n").replace("涵洞", "涵涧").replace("磅", "榜");
    let (differences, alone, lost) = parts(&base, &other);
    assert_eq!(differences, pairs(&[("磅", "榜"), ("洞", "涧")]));
    assert!(alone.is_empty() && lost.is_empty(), "{alone:?} {lost:?}");
}

#[test]
fn marks_spaces_and_width_are_no_difference() {
    let other = ARTICLES[0].replace('，', ",").replace("。", " . ");
    assert_eq!(parts(ARTICLES[0], &other), Default::default());
}

#[test]
fn a_clause_that_one_has_alone() {
    let other = ARTICLES[0].replace("，赶在雨前下地", "");
    let (differences, ..) = parts(ARTICLES[0], &other);
    assert_eq!(differences, pairs(&[("赶在雨前下地", "")]));
    let (differences, ..) = parts(&other, ARTICLES[0]);
    assert_eq!(differences, pairs(&[("", "赶在雨前下地")]));
}

#[test]
fn an_article_that_one_has_alone() {
    let base = ARTICLES.join("\n");
    let (differences, alone, lost) = parts(&base, &[ARTICLES[2], ARTICLES[0]].join("\n"));
    assert_eq!((differences.len(), lost.len()), (0, 0), "{differences:?} {lost:?}");
    assert_eq!(alone, [ARTICLES[1].trim_end_matches('。')]);
}

#[test]
fn nothing_beside_something() {
    assert_eq!(parts("", ""), Default::default());
    assert_eq!(parts("，。", "一").0, pairs(&[("", "一")]));
    let found = collate(&['甲'; 500], &['乙'; 400]);
    assert_eq!(found.equal.len(), 0);
}

#[test]
fn first_and_last_characters_are_compared() {
    let other = format!("复{}于", ARTICLES[1].trim_start_matches('老').trim_end_matches("看。"));
    assert_eq!(parts(ARTICLES[1], &other).0, pairs(&[("老", "复"), ("看", "于")]));
}

#[test]
fn hostile_repetition_costs_no_more_than_its_length() {
    let (mut a, mut b) = (vec!['中'; 1_000_000], vec!['中'; 999_000]);
    b[500_000] = '国';
    a[200_000] = '人';
    lawful(&a, &b);
    let periodic: Vec<char> = "中国人民".chars().cycle().take(300_000).collect();
    let other: Vec<char> = "人民中国大".chars().cycle().take(300_000).collect();
    lawful(&periodic, &other);
}

/// What must hold of every collation.
fn lawful(base: &[char], other: &[char]) {
    let found = collate(base, other);
    for pair in &found.equal {
        assert_eq!(base[pair.base.clone()], other[pair.other.clone()]);
        assert!(!pair.base.is_empty());
    }
    let exactly = |mut parts: Vec<Range<usize>>, length: usize| {
        parts.retain(|p| !p.is_empty());
        parts.sort_by_key(|p| p.start);
        let mut done = 0;
        for part in parts {
            assert_eq!(part.start, done, "{found:?}");
            done = part.end;
        }
        assert_eq!(done, length);
    };
    let both = || found.equal.iter().chain(&found.differences);
    exactly(both().map(|p| p.base.clone()).chain(found.base_only.clone()).collect(), base.len());
    exactly(both().map(|p| p.other.clone()).chain(found.other_only.clone()).collect(), other.len());
    assert!(found.equal.windows(2).all(|w| w[0].base.end <= w[1].base.start));
    assert!(found.differences.windows(2).all(|w| w[0].base.end <= w[1].base.start));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[中国人民大会上下一二]{0,60}", "[\\u4e00-\\u4fff]{0,200}", Just(ARTICLES.concat()),]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_character_stands_in_one_part(a in text(), b in text()) {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        lawful(&a, &b);
    }

    #[test]
    fn a_text_does_not_differ_from_itself(a in "\\PC{0,300}") {
        let found = Readings::new(&a, &a).collation;
        prop_assert!(found.differences.is_empty() && found.base_only.is_empty() && found.other_only.is_empty());
    }

    #[test]
    fn readings_with_scattered_errors_stay_aligned(
        a in "[\\u4e00-\\u5fff]{80,400}",
        errors in prop::collection::vec((0usize..400, 0u8..3), 0..6),
    ) {
        let base: Vec<char> = a.chars().collect();
        let mut other = base.clone();
        for (at, what) in &errors {
            let at = at % other.len();
            match what {
                0 => other[at] = '龘',
                1 => { other.remove(at); }
                _ => other.insert(at, '龘'),
            }
        }
        lawful(&base, &other);
        let found = collate(&base, &other);
        let equal: usize = found.equal.iter().map(|p| p.base.len()).sum();
        prop_assert!(equal + 16 * errors.len() >= base.len(), "{found:?}");
    }

    #[test]
    fn shuffled_blocks_are_all_found(order in Just(vec![0usize, 1, 2]).prop_shuffle()) {
        let other: Vec<&str> = order.iter().map(|i| ARTICLES[*i]).collect();
        let found = Readings::new(&ARTICLES.concat(), &other.concat()).collation;
        prop_assert!(found.differences.is_empty() && found.base_only.is_empty() && found.other_only.is_empty());
    }
}
