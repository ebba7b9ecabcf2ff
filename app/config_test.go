package app

import (
	"strings"
	"testing"
)

func TestConfigReportsEveryFaultAtOnce(t *testing.T) {
	c := Config{Listen: "8080", Database: "mysql://x", PublicURL: "status.example.com/x", SMTP: "http://relay", TrustedProxies: []string{"ten"}, Intake: "2525", IntakeCert: "x"}
	err := c.Validate()
	if err == nil {
		t.Fatal("nothing is wrong with it?")
	}
	for _, flag := range []string{"--listen", "--database", "--public-url", "--smtp", "--trusted-proxy", "--intake ", "--intake-cert"} {
		if !strings.Contains(err.Error(), flag) {
			t.Errorf("%s is not named in %v", flag, err)
		}
	}
	good := Config{Listen: "127.0.0.1:8080", Database: "sqlite:candor.db", PublicURL: "https://status.example.com", TrustedProxies: []string{"10.0.0.0/8", "::1"}}
	if err := good.Validate(); err != nil {
		t.Errorf("a good configuration: %v", err)
	}
}
