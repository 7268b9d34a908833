//! The control of a run: honest cardholders, before the first attack and after the last.

use super::format::{GoOn, Land, Push, StartSession, Step, Token};
use super::scene::Scene;
use super::target::Target;
use super::verdict;

/// The bank of the control.
pub(super) const CONTROL_ISSUER: &str = "havorn-no";

/// What Tidemark says of a link whose bank is on no list.
const UNLISTED: &str = "push-unknown-issuer";

/// An honest cardholder gets as far as MDES; else a refusal says nothing. Answers whether a bank's link does too.
pub(super) async fn control(target: &Target) -> Result<bool, String> {
    let issuer = || Some(CONTROL_ISSUER.to_owned());
    let text = |text: &str| text.to_owned();
    let honest = [
        Step::Session(StartSession {
            name: text("honest"),
            browser: None,
            issuer: issuer(),
        }),
        Step::Push(Push {
            name: text("pushed"),
            issuer: issuer(),
            cards: Vec::new(),
            session: Some(text("${honest.id}")),
            callback_url: None,
            code: None,
        }),
        Step::GoOn(GoOn {
            session: text("honest"),
            pushed: text("pushed"),
            to: text("terms"),
        }),
    ];
    let mut scene = Scene::new(target);
    for step in &honest {
        let played = scene.play(step).await;
        played.map_err(|seen| format!("an honest cardholder gets nowhere: {seen}"))?;
    }
    let takes_pushes = genuine_link(target, &mut scene).await?;
    if target.credentials.is_none() {
        return Ok(takes_pushes);
    }
    let heard = scene.play(&Step::Mdes(Box::default())).await?;
    let taken = verdict::taken_by_mdes(&heard);
    taken.map_or_else(
        || Err("MDES refuses an honest request in the wallet's name".to_owned()),
        |_| Ok(takes_pushes),
    )
}

/// A genuine link of a bank gets as far as MDES too, in a wallet whose entry for pushes is known. One that has no such bank on
/// its list takes no link at all: whether that is so.
async fn genuine_link(target: &Target, scene: &mut Scene<'_>) -> Result<bool, String> {
    if !target.is_tidemark {
        return Ok(true);
    }
    let offer = Step::Push(Push {
        name: "offered".to_owned(),
        issuer: Some(CONTROL_ISSUER.to_owned()),
        cards: Vec::new(),
        session: None,
        callback_url: Some("${bank}".to_owned()),
        code: None,
    });
    scene.play(&offer).await?;
    let before = target.control.counts().await?.eligibility_calls;
    let link = Land::of(Token::pushed("offered"));
    let heard = scene.play(&Step::Land(Box::new(link))).await?;
    if heard.iter().any(|heard| verdict::is_problem(heard, UNLISTED)) {
        return Ok(false);
    }
    match target.control.counts().await?.eligibility_calls.saturating_sub(before) {
        1 => Ok(true),
        _ => Err("a genuine link of a bank gets nowhere".to_owned()),
    }
}
