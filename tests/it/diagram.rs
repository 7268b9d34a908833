//! The picture of the session states in the README is made from the table, and the table is whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use tidemark::domain::session::{StateName, TRANSITIONS, diagram};

const BEGIN: &str = "<!-- states: made from `domain::session::TRANSITIONS`; a test keeps it true -->\n";
const END: &str = "<!-- end of states -->";

#[test]
fn the_readme_shows_the_states_as_they_are() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("a README");
    let (before, rest) = readme.split_once(BEGIN).expect("where the states begin");
    let (found, after) = rest.split_once(END).expect("where they end");
    let wanted = format!("```mermaid\n{}```\n", diagram());
    if std::env::var_os("TIDEMARK_WRITE_DOCS").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{wanted}{END}{after}")).expect("the README is written");
    } else {
        assert_eq!(found, wanted, "write it anew with TIDEMARK_WRITE_DOCS=1");
    }
}

#[test]
fn every_state_can_be_reached_and_left_unless_it_is_final() {
    let mut reached = BTreeSet::from([StateName::Offered, StateName::Pushed]);
    loop {
        let next = TRANSITIONS.iter().filter(|(from, _, _)| reached.contains(from));
        let before = reached.len();
        let more: Vec<StateName> = next.map(|(_, to, _)| *to).collect();
        reached.extend(more);
        if reached.len() == before {
            break;
        }
    }
    let named: BTreeSet<StateName> = TRANSITIONS.iter().flat_map(|(from, to, _)| [*from, *to]).collect();
    assert_eq!(reached, named);
    assert_eq!(reached.len(), 14);
    let finals: Vec<StateName> = reached.into_iter().filter(|state| state.is_final()).collect();
    use StateName as S;
    assert_eq!(finals, [S::Active, S::Declined, S::Failed, S::Cancelled, S::Expired]);
    assert!(finals.iter().all(|last| !last.is_working()));
}

#[test]
fn no_way_is_listed_twice_and_each_has_a_cause() {
    let ways: BTreeSet<_> = TRANSITIONS.iter().map(|(from, to, _)| (from, to)).collect();
    assert_eq!(ways.len(), TRANSITIONS.len());
    assert!(TRANSITIONS.iter().all(|(_, _, cause)| !cause.is_empty()));
    for (from, to, cause) in TRANSITIONS {
        let line = format!("{} --> {}: {cause}", from.as_str(), to.as_str()).replace("step-up", "step_up");
        assert!(diagram().contains(&line), "{line}");
    }
}
