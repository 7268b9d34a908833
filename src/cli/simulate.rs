//! `tidemark sim`: MDES and the banks for a wallet, or an issuer, of your own.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::sim::stage::{self, Around, EnrolledWallet, Role, Stage};

/// What `sim` takes.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// MDES listens here, the banks on the next port and the processor on the one after; 0 picks free ports.
    #[arg(long, default_value_t = 8081)]
    pub port: u16,
    /// Where the simulators keep their keys.
    #[arg(long, default_value = "tidemark-sim")]
    pub data_dir: PathBuf,
    /// The wallet's origin, where MDES sends notifications and issuers send cardholders back.
    #[arg(long, default_value = "http://localhost:8080")]
    pub wallet_url: String,
    /// The wallet's token requestor id: 11 digits.
    #[arg(long, default_value = "50123456789")]
    pub token_requestor_id: String,
    /// A file with the wallet's OAuth consumer key.
    #[arg(long)]
    pub consumer_key_file: PathBuf,
    /// A file with the wallet's OAuth public key or certificate, PEM.
    #[arg(long)]
    pub public_key_file: PathBuf,
    /// A file with the certificate that notifications are encrypted to, PEM. Without it they come in clear.
    #[arg(long)]
    pub notification_certificate_file: Option<PathBuf>,
    /// How many banks MDES lists: twelve that work, and behind them invented ones that open a website of those.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u16).range(0..=5_000))]
    pub issuers: u16,
    /// Say where everything is in one line of JSON when ready.
    #[arg(long)]
    pub json: bool,
}

pub(super) async fn run(options: Options) -> ExitCode {
    super::log::start(false, "warn");
    match start(&options).await {
        Ok(stage) => {
            announce(&options, &stage);
            super::serve::stop_signal().await;
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("the simulators do not start: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn start(options: &Options) -> Result<Stage, String> {
    if options.token_requestor_id.len() != 11 || !options.token_requestor_id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("--token-requestor-id must be 11 digits".to_owned());
    }
    let read = |path: &PathBuf| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let public_key_pem = read(&options.public_key_file)?;
    if !crate::sim::mdes::is_public_key(&public_key_pem) {
        return Err(format!(
            "{}: no PEM public key or certificate",
            options.public_key_file.display()
        ));
    }
    let wallet = EnrolledWallet {
        url: options.wallet_url.trim_end_matches('/').to_owned(),
        name: "Your wallet".to_owned(),
        token_requestor_id: options.token_requestor_id.clone(),
        role: Role::Wallet,
        consumer_key: String::from_utf8_lossy(&read(&options.consumer_key_file)?)
            .trim()
            .to_owned(),
        public_key_pem,
        notification_certificate_pem: options.notification_certificate_file.as_ref().map(read).transpose()?,
    };
    let keys = stage::Keys::load_or_generate(&options.data_dir)
        .map_err(|error| format!("{}: {error}", options.data_dir.display()))?;
    for (name, bytes) in [
        ("receipts.json", keys.mdes.jws_jwk_json()),
        (
            "mdes-encryption-certificate.pem",
            keys.mdes.encryption_cert_pem().to_vec(),
        ),
    ] {
        let path = options.data_dir.join(name);
        std::fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let bind = |port: u16| async move {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        TcpListener::bind(address)
            .await
            .map_err(|error| format!("{address}: {error}"))
    };
    let next = if options.port == 0 {
        0
    } else {
        options.port.checked_add(1).ok_or("--port is too high")?
    };
    let after = if next == 0 {
        0
    } else {
        next.checked_add(1).ok_or("--port is too high")?
    };
    let (mdes_at, bank_at, processor_at) = (bind(options.port).await?, bind(next).await?, bind(after).await?);
    let clock = Clock::movable();
    let around = Around {
        hand: Some(super::demo::hand(clock.clone())),
        processor: Some((processor_at, Box::new(|router| router))),
        bank_database: Some(options.data_dir.join("bank.sqlite")),
        looks_every: Some(super::demo::LOOKS_EVERY),
        ..Around::default()
    };
    let stage = stage::open_with(mdes_at, bank_at, wallet, keys, Arc::new(move || clock.now().0), around)
        .map_err(|error| error.to_string())?;
    stage.list(usize::from(options.issuers));
    stage.mdes.keep_as_start();
    Ok(stage)
}

fn announce(options: &Options, stage: &Stage) {
    let folder = &std::fs::canonicalize(&options.data_dir).unwrap_or_else(|_| options.data_dir.clone());
    let [consumer_key, signing_key] = stage::Keys::issuer_files(folder);
    if options.json {
        println!(
            "{}",
            json!({
                "mdes_base_url": stage.mdes_base,
                "bank_url": stage.bank_base,
                "processor_base_url": stage.processor_base,
                "phone_url": format!("{}/phone", stage.bank_base),
                "control_url": format!("{}/_sim", stage.bank_base),
                "token_requestor_id": options.token_requestor_id,
                "jws_key_file": folder.join("receipts.json"),
                "encryption_certificate_file": folder.join("mdes-encryption-certificate.pem"),
                "issuer": {
                    "consumer_key_file": consumer_key,
                    "signing_key_file": signing_key,
                },
            })
        );
    } else {
        println!(
            "MDES        {}\nThe banks   {}/\nProcessor   {}\nThe phone   {}/phone\nControl     {}/_sim/openapi.json\nThe key that verifies receipts is {}.\nStop with Ctrl-C.",
            stage.mdes_base,
            stage.bank_base,
            stage.processor_base,
            stage.bank_base,
            stage.bank_base,
            folder.join("receipts.json").display()
        );
    }
}
