//! The walk through a year of `docs/walkthrough.md`, run as it is written.

#[test]
fn the_year_of_the_walkthrough_goes_as_told() {
    trycmd::TestCases::new()
        .env("REDFLAG_STORE", "")
        .env("REDFLAG_CACHE", "")
        .env("NO_COLOR", "1")
        .case("docs/walkthrough.md");
}
