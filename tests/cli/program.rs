//! Running the built program, and stopping it whatever happens.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tidemark::clock::{Clock, random_bytes};

/// Nothing here takes longer, on however slow a machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, with a folder of its own to run in and none of its settings in the environment.
pub fn tidemark(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidemark"));
    let settings = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TIDEMARK_"));
    for (name, _) in settings {
        command.env_remove(name);
    }
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// What a command that has ended said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Said {
    run_with(command, "")
}

/// Runs a command to its end, with something on its standard input.
pub fn run_with(command: &mut Command, input: &str) -> Said {
    let mut process = Program::start(command.stdin(Stdio::piped()));
    let mut stdin = process.child.stdin.take().expect("its input");
    // A program that does not read its input closes it, and that is its right.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let status = process.wait();
    Said {
        code: status.code(),
        out: process.out.iter().collect::<Vec<_>>().join("\n"),
        err: process.err.iter().collect::<Vec<_>>().join("\n"),
    }
}

/// A program that runs. It is killed when this is dropped.
pub struct Program {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

impl Program {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = lines(child.stdout.take().expect("its output"));
        let err = lines(child.stderr.take().expect("its errors"));
        Self { child, out, err }
    }

    /// The next line that it prints.
    pub fn line(&mut self) -> String {
        match self.out.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(_) => {
                let _ = self.child.kill();
                panic!("it prints nothing: {}", self.err.iter().collect::<Vec<_>>().join("\n"));
            }
        }
    }

    /// The next line that it prints, which is JSON.
    pub fn json(&mut self) -> Value {
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// Whatever else it has printed until its end.
    pub fn rest(&self) -> Vec<String> {
        self.out.iter().collect()
    }

    /// Sends a signal, named as `kill` names it.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -{name} {}", self.child.id())])
            .status()
            .expect("a shell");
        assert!(sent.success());
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> ExitStatus {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end");
    }

    /// Stops it as a supervisor does, and expects it to end well.
    pub fn stop(&mut self) {
        self.signal("TERM");
        let status = self.wait();
        assert_eq!(
            status.code(),
            Some(0),
            "{}",
            self.err.iter().collect::<Vec<_>>().join("\n")
        );
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A wallet of one's own: secrets from `keygen`, the simulators, and a configuration for `serve`.
pub struct Deployment {
    pub folder: TempDir,
    pub simulators: Program,
    /// What the simulators said when they were ready.
    pub places: Value,
    pub port: u16,
}

impl Deployment {
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let made = run(tidemark(folder.path()).args(["keygen", "secrets"]));
        assert_eq!(made.code, Some(0), "{}", made.err);
        let secrets = folder.path().join("secrets");
        let consumer_key = format!(
            "{}!{}",
            hex::encode(random_bytes::<24>()),
            hex::encode(random_bytes::<24>())
        );
        write_private(&secrets.join("consumer-key"), consumer_key.as_bytes());
        let signing_key = std::fs::read(secrets.join("signing-key.pem")).expect("a key");
        let key = openssl::pkey::PKey::private_key_from_pem(&signing_key).expect("a key");
        let public = folder.path().join("wallet-public.pem");
        std::fs::write(&public, key.public_key_to_pem().expect("PEM")).expect("a file");
        let port = free_port();
        let mut simulators = Program::start(
            tidemark(folder.path())
                .args(["sim", "--port", "0", "--json", "--data-dir", "simulators"])
                .args(["--wallet-url", &format!("http://localhost:{port}")])
                .args([
                    "--consumer-key-file",
                    "secrets/consumer-key",
                    "--public-key-file",
                    "wallet-public.pem",
                ]),
        );
        let places = simulators.json();
        let deployment = Self {
            folder,
            simulators,
            places,
            port,
        };
        deployment.configure("tidemark.toml", port);
        deployment
    }

    /// Writes a configuration that listens on this port.
    pub fn configure(&self, name: &str, port: u16) -> PathBuf {
        let place = |key: &str| self.places[key].as_str().expect("a place").to_owned();
        let text = format!(
            "public_url = \"http://localhost:{port}\"\n\
             listen = \"127.0.0.1:{port}\"\n\
             database_url = \"sqlite://wallet.db\"\n\
             [mdes]\n\
             base_url = \"{}\"\n\
             token_requestor_id = \"{}\"\n\
             consumer_key_file = \"secrets/consumer-key\"\n\
             signing_key_file = \"secrets/signing-key.pem\"\n\
             jws_key_files = [\"{}\"]\n\
             [secrets]\n\
             cookie_key_file = \"secrets/cookie-key\"\n\
             storage_key_file = \"secrets/storage-key\"\n",
            place("mdes_base_url"),
            place("token_requestor_id"),
            place("jws_key_file"),
        );
        let path = self.folder.path().join(name);
        write_private(&path, text.as_bytes());
        path
    }

    /// The command `serve` with a configuration.
    pub fn serve(&self, config: &str) -> Command {
        let mut command = tidemark(self.folder.path());
        command.args(["serve", "--config", config]);
        command
    }

    /// An address of the wallet.
    pub fn at(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }
}

pub fn write_private(path: &Path, bytes: &[u8]) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(path, bytes).expect("a file");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("a private file");
}

/// Now, in milliseconds.
pub fn now_ms() -> i64 {
    Clock::system().now().0
}
