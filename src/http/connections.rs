//! How many connections a network may hold at once: a thousand slow ones of one party must keep nobody else out.
//!
//! Behind a trusted proxy the other end is the proxy, which has no bound. A connection beyond it is told so, in a word that
//! every program understands, and ended before anything of it is read.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use ipnet::IpNet;
use rustix::net::{Shutdown, shutdown};
use rustix::process::{Resource, getrlimit, setrlimit};

use crate::http::{ClientAddress, TrustedProxies};

const REFUSAL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// The connections that are open, by network.
pub struct Connections {
    most: usize,
    trusted_proxies: Arc<TrustedProxies>,
    open: Mutex<HashMap<IpNet, usize>>,
}

/// An open connection, until it is dropped.
struct Open {
    network: IpNet,
    connections: Arc<Connections>,
}

impl Connections {
    pub fn new(most: usize, trusted_proxies: Arc<TrustedProxies>) -> Arc<Self> {
        Arc::new(Self { most, trusted_proxies, open: Mutex::default() })
    }

    /// What a server does with each connection that it accepts.
    pub fn accept(self: &Arc<Self>, connection: &dyn Any, kept: &mut Extensions) {
        let Some(stream) = connection.downcast_ref::<TcpStream>() else { return };
        // Who is gone already needs no place.
        let Ok(peer) = stream.peer_addr() else { return };
        let client = ClientAddress::new(peer.ip());
        if self.trusted_proxies.trusts(client) {
            return;
        }
        match self.admit(client.network()) {
            Some(open) => {
                kept.insert(open);
            }
            None => refuse(stream),
        }
    }

    /// A place for one connection more of a network, where it has one left.
    fn admit(self: &Arc<Self>, network: IpNet) -> Option<Open> {
        let mut open = self.open();
        let count = open.entry(network).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Open { network, connections: Arc::clone(self) })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<IpNet, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the other end is gone already, there is nobody to be told.
fn refuse(stream: &TcpStream) {
    let told = stream.try_write(REFUSAL);
    let ended = shutdown(stream, Shutdown::Both);
    if let (Err(error), _) | (_, Err(error)) = (told.map(drop), ended.map_err(std::io::Error::from)) {
        tracing::debug!(%error, "a connection beyond those of its network was gone already");
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        if let Some(count) = open.get_mut(&self.network) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&self.network);
            }
        }
    }
}

/// Lets this process open as many files and connections as the system allows it: a login's usual 1,024 are soon used up by
/// two networks.
pub fn raise_open_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the bound of open files stays as it is");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_so_many_and_each_that_ends_makes_room() {
        let connections = Connections::new(2, Arc::new(TrustedProxies::none()));
        let network = |address: &str| ClientAddress::new(address.parse().unwrap()).network();
        let one = connections.admit(network("203.0.113.7"));
        let two = connections.admit(network("203.0.113.8"));
        assert!(one.is_some() && two.is_some());
        assert!(connections.admit(network("203.0.113.9")).is_none());
        assert!(connections.admit(network("203.0.114.9")).is_some());
        assert_eq!(connections.open().len(), 1, "what ended is forgotten");
        drop(one);
        assert!(connections.admit(network("203.0.113.9")).is_some());
        drop(two);
        assert!(connections.open().is_empty());
    }
}
