package reach_test

import (
	"net/netip"
	"testing"

	"pgregory.net/rapid"

	"candor/reach"
)

func TestOnlyThePublicInternetIsSpokenTo(t *testing.T) {
	t.Parallel()
	for where, want := range map[string]bool{
		"1.1.1.1:443": true, "9.255.255.255:443": true, "11.0.0.0:443": true, "100.63.255.255:80": true, "100.128.0.0:80": true,
		"172.15.255.255:443": true, "172.32.0.0:443": true, "192.0.1.0:443": true, "198.17.255.255:443": true, "198.20.0.0:443": true,
		"223.255.255.255:8080": true, "[2606:4700::1111]:8443": true, "[2001:200::1]:443": true, "[::ffff:1.1.1.1]:443": true,

		"0.0.0.0:443": false, "0.255.255.255:443": false, "10.0.0.0:443": false, "10.255.255.255:80": false, "100.64.0.0:443": false,
		"100.127.255.255:443": false, "127.0.0.1:443": false, "127.255.255.254:443": false, "169.254.169.254:80": false,
		"172.16.0.0:443": false, "172.31.255.255:443": false, "192.0.0.192:80": false, "192.0.2.1:443": false, "192.88.99.1:443": false,
		"192.168.0.1:443": false, "198.18.0.1:443": false, "198.19.255.255:443": false, "198.51.100.1:443": false, "203.0.113.1:443": false,
		"224.0.0.1:443": false, "239.255.255.255:443": false, "240.0.0.1:443": false, "255.255.255.255:443": false,
		"[::]:443": false, "[::1]:443": false, "[::7f00:1]:443": false, "[::ffff:127.0.0.1]:443": false, "[::ffff:a9fe:a9fe]:80": false,
		"[::ffff:0:7f00:1]:443": false, "[64:ff9b::a9fe:a9fe]:80": false, "[64:ff9b::808:808]:80": false, "[64:ff9b:1::1]:80": false,
		"[100::1]:443": false, "[2001::1]:443": false, "[2001:db8::1]:443": false, "[2002:a9fe:a9fe::]:80": false, "[3fff::1]:443": false,
		"[fc00::1]:443": false, "[fd00:ec2::254]:80": false, "[fe80::1]:443": false, "[fe80::1%eth0]:443": false, "[fec0::1]:443": false,
		"[ff02::1]:443": false, "[4000::1]:443": false, "[5f00::1]:443": false, "[e000::1]:443": false,

		"1.1.1.1:25": false, "1.1.1.1:22": false, "1.1.1.1:6379": false, "1.1.1.1:0": false, "[2606:4700::1111]:5432": false,
	} {
		if got, why := reach.Permitted(netip.MustParseAddrPort(where), nil); got != want {
			t.Errorf("%s: permitted %v (%s), want %v", where, got, why, want)
		}
	}
	if ok, _ := reach.Permitted(netip.AddrPort{}, nil); ok {
		t.Error("no address at all is permitted")
	}
}

func TestTheOperatorAllowsNetworksAndNothingBeside(t *testing.T) {
	t.Parallel()
	allow := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("::1/128")}
	for where, want := range map[string]bool{
		"10.1.2.3:8065": true, "[::ffff:10.1.2.3]:25": true, "[::1]:4567": true,
		"10.2.0.1:443": false, "127.0.0.1:443": false, "10.1.2.3:0": false, "[::1%lo]:443": false, "[64:ff9b::a01:203]:443": false, "1.1.1.1:25": false,
	} {
		if got, why := reach.Permitted(netip.MustParseAddrPort(where), allow); got != want {
			t.Errorf("%s: permitted %v (%s), want %v", where, got, why, want)
		}
	}
}

// However an IPv4 address is written into an IPv6 one, it opens no door that the plain one does not.
func TestNoDisguiseOpensADoor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "address")
		port := rapid.SampledFrom([]uint16{80, 443, 25}).Draw(t, "port")
		v4 := [4]byte(b)
		plain, _ := reach.Permitted(netip.AddrPortFrom(netip.AddrFrom4(v4), port), nil)
		disguises := map[string][16]byte{"mapped": {10: 0xff, 11: 0xff}, "compatible": {}, "translated": {8: 0xff, 9: 0xff}, "NAT64": {1: 0x64, 2: 0xff, 3: 0x9b}}
		for name, d := range disguises {
			copy(d[12:], b)
			got, _ := reach.Permitted(netip.AddrPortFrom(netip.AddrFrom16(d), port), nil)
			if got && !plain {
				t.Fatalf("%v is refused, but as %s it is permitted", v4, name)
			}
		}
		d := [16]byte{0x20, 0x02}
		copy(d[2:], b)
		if got, _ := reach.Permitted(netip.AddrPortFrom(netip.AddrFrom16(d), port), nil); got {
			t.Fatalf("6to4 to %v is permitted", v4)
		}
	})
}
