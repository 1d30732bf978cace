//! An administrator reads what a background job does, not how it is called inside.

use serde_json::Value;

#[test]
fn every_kind_of_job_has_words_in_both_languages() {
    let own = ["app.forget_idempotency_keys"].into_iter();
    let kinds: Vec<&str> =
        own.chain(server::features::ALL.iter().flat_map(|feature| (feature.jobs)()).map(|job| job.kind)).collect();
    assert!(kinds.len() > 20, "{kinds:?}");
    for language in ["ru", "en"] {
        let path = format!("{}/../../web/src/i18n/{language}/admin.json", env!("CARGO_MANIFEST_DIR"));
        let words: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for kind in &kinds {
            let (feature, name) = kind.split_once('.').unwrap();
            assert!(words["jobKind"][feature][name].is_string(), "no words for {kind} in {language}");
        }
    }
}
