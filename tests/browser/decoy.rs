//! An origin that counts whoever reaches it, by TCP or UDP, and answers kindly.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What came, in order: the path of a request, `connection` for one without, `datagram`.
pub struct Decoy {
    pub origin: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Decoy {
    /// At any free port.
    pub fn open() -> Decoy {
        Decoy::at("127.0.0.1:0".parse().expect("an address"))
    }

    /// In the place of a server that has ended.
    pub fn at(address: SocketAddr) -> Decoy {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let tcp = TcpListener::bind(address).expect("the port is free");
        let address = tcp.local_addr().expect("a bound socket has an address");
        let udp = UdpSocket::bind(address).expect("the same port of the other protocol is free");
        let (of_tcp, of_udp) = (seen.clone(), seen.clone());
        std::thread::spawn(move || {
            for stream in tcp.incoming().flatten() {
                let seen = of_tcp.clone();
                std::thread::spawn(move || note(&seen, path(stream)));
            }
        });
        std::thread::spawn(move || {
            while udp.recv(&mut [0; 2_048]).is_ok() {
                note(&of_udp, "datagram".to_owned());
            }
        });
        let origin = format!("http://{address}");
        Decoy { origin, seen }
    }

    /// Everything so far, forgotten with the call.
    pub fn seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().expect("no holder panics"))
    }
}

fn note(seen: &Mutex<Vec<String>>, what: String) {
    seen.lock().expect("no holder panics").push(what);
}

/// The path that was asked for; every answer is an empty success that anybody may read.
fn path(mut stream: TcpStream) -> String {
    const PATIENCE: Duration = Duration::from_secs(1);
    let mut line = String::new();
    let asked = stream
        .set_read_timeout(Some(PATIENCE))
        .and_then(|()| BufReader::new(&stream).read_line(&mut line));
    let path = match asked {
        Ok(_) => line.split(' ').nth(1).unwrap_or("connection").to_owned(),
        Err(_) => "connection".to_owned(),
    };
    let answer = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    // Whoever went away needs no answer.
    drop(stream.write_all(answer.as_bytes()));
    path
}
