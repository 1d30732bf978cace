use std::time::Instant;
fn main() {
    for (n, evil) in [
        ("amp", "&".repeat(20_000)),
        ("div", "<div>".repeat(20_000)),
        ("bp", "<b><p>".repeat(5_000)),
        ("font", (0..300).map(|n| format!("<font size={n}>")).collect::<String>() + &"<p>x".repeat(5_000)),
        ("table", "<table><tr><td>".repeat(2_000)),
        ("comm", "<!--".repeat(10_000)),
        ("a", "<a ".repeat(10_000)),
        ("ulli", "<ul><li>".repeat(3_000)),
        ("text", "слово ".repeat(20_000)),
        ("gt", ">".repeat(20_000)),
        ("href", "<a href='http://x'>x</a>".repeat(3000)),
        ("style", "<p style='color:red;'>a".repeat(3000)),
        ("lines", "abc def\n".repeat(20_000)),
        ("lines2", "abc def\n".repeat(40_000)),
        ("pre", format!("<pre>{}</pre>", "abc def\n".repeat(40_000))),
        ("amp2", "&".repeat(40_000)),
        ("ent", "&#1055;".repeat(20_000)),
        ("attrs", format!("<p {}>", (0..5000).map(|n| format!("a{n}=1 ")).collect::<String>())),
    ] {
        let t = Instant::now();
        let c = mail::html::sanitize(&evil);
        let s = t.elapsed();
        let t = Instant::now();
        let p = mail::html::Page::read(&c);
        let r = t.elapsed();
        let t = Instant::now();
        let x = p.to_text();
        let tt = t.elapsed();
        let t = Instant::now();
        let _ = mail::quote::split_text(&x);
        let q = t.elapsed();
        println!("{n}: {} sanitize {s:?} read {r:?} text {tt:?} split {q:?}", evil.len());
    }
}
