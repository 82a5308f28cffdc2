//! Speed of other automata: `peers REPEAT KEYWORDS TEXT...` prints a line of JSON per library, kind and text.
//! The digest is of all matches in the order of the text, so that equal ones found the same.
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use daachorse::{CharwiseDoubleArrayAhoCorasickBuilder, DoubleArrayAhoCorasickBuilder};
use std::time::Instant;

struct Text {
    path: String,
    text: String,
}

type Span = (usize, usize);

/// FNV-1a of the spans; those that begin together the longest first.
fn digest(mut spans: Vec<Span>) -> u64 {
    spans.sort_by_key(|&(start, end)| (start, std::cmp::Reverse(end)));
    spans.iter().flat_map(|&(start, end)| [start, end]).fold(0xcbf29ce484222325, |hash, place| (hash ^ place as u64).wrapping_mul(0x100000001b3))
}

fn seconds<R>(work: impl FnOnce() -> R) -> (R, f64) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed().as_secs_f64())
}

/// Builds once, scans each text `repeat` times, and prints the best.
fn measure<A>(
    library: &str,
    kind: &str,
    (texts, repeat): (&[Text], usize),
    build: impl FnOnce() -> (A, usize),
    count: impl Fn(&A, &str) -> u64,
    spans: impl Fn(&A, &str) -> Vec<Span>,
) {
    let ((automaton, bytes), build_seconds) = seconds(build);
    for Text { path, text } in texts {
        let (matches, best) = (0..repeat).map(|_| seconds(|| count(&automaton, text))).min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        println!(
            "{{\"program\": \"{library}\", \"kind\": \"{kind}\", \"text\": {path:?}, \"bytes\": {}, \"matches\": {matches}, \"digest\": \"{:016x}\", \"seconds\": {best}, \"build_seconds\": {build_seconds}, \"memory_bytes\": {bytes}}}",
            text.len(),
            digest(spans(&automaton, text)),
        );
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let repeat = arguments[1].parse().expect("a number");
    let keywords = std::fs::read_to_string(&arguments[2]).expect("keywords");
    let keywords: Vec<&str> = keywords.lines().collect();
    let read = |path: &String| Text { path: path.clone(), text: std::fs::read_to_string(path).expect("a text") };
    let texts: Vec<Text> = arguments[3..].iter().map(read).collect();
    let how = (&texts[..], repeat);

    macro_rules! daachorse {
        ($name:literal, $builder:ident) => {
            let build = |kind| {
                let built = $builder::new().match_kind(kind).build::<_, _, u32>(&keywords).expect("an automaton");
                let bytes = built.heap_bytes();
                (built, bytes)
            };
            measure($name, "all", how, || build(daachorse::MatchKind::Standard), |a, t| a.find_overlapping_iter(t).map(|m| u64::from(m.value() != u32::MAX)).sum(), |a, t| {
                a.find_overlapping_iter(t).map(|m| (m.start(), m.end())).collect()
            });
            measure($name, "longest", how, || build(daachorse::MatchKind::LeftmostLongest), |a, t| a.leftmost_find_iter(t).map(|m| u64::from(m.value() != u32::MAX)).sum(), |a, t| {
                a.leftmost_find_iter(t).map(|m| (m.start(), m.end())).collect()
            });
        };
    }
    daachorse!("daachorse, characters", CharwiseDoubleArrayAhoCorasickBuilder);
    daachorse!("daachorse, bytes", DoubleArrayAhoCorasickBuilder);

    let build = |kind| {
        let built = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).match_kind(kind).build(&keywords).expect("an automaton");
        let bytes = built.memory_usage();
        (built, bytes)
    };
    measure("aho-corasick", "all", how, || build(MatchKind::Standard), |a, t| a.find_overlapping_iter(t).map(|m| u64::from(m.pattern().as_u32() != u32::MAX)).sum(), |a, t| {
        a.find_overlapping_iter(t).map(|m| (m.start(), m.end())).collect()
    });
    measure("aho-corasick", "longest", how, || build(MatchKind::LeftmostLongest), |a, t| a.find_iter(t).map(|m| u64::from(m.pattern().as_u32() != u32::MAX)).sum(), |a, t| {
        a.find_iter(t).map(|m| (m.start(), m.end())).collect()
    });
}
