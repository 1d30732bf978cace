fn main() {
    for f in std::env::args().skip(1) {
        let raw = std::fs::read(&f).unwrap();
        match mail::parse(&raw) {
            Ok(m) => println!("{}", serde_json::to_string_pretty(&mail::to_json(&m)).unwrap()),
            Err(e) => println!("{e}"),
        }
    }
}
