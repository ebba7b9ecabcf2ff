package site

import (
	"net"
	"net/http"
	"os"
	"testing"
)

// TestStandStillForALook serves a bad day for a browser and whoever draws: CANDOR_LOOK=127.0.0.1:8099 go test ./site -run StandStill -timeout 0
func TestStandStillForALook(t *testing.T) {
	at := os.Getenv("CANDOR_LOOK")
	if at == "" {
		t.Skip("for people: set CANDOR_LOOK to an address")
	}
	town := newTown(t).settle().past()
	if os.Getenv("CANDOR_CALM") == "" {
		tale := town.badDay()
		t.Log("/en/incidents/" + tale.i.Code)
	}
	town.whispers()
	town.start()
	listener, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Fatal(http.Serve(listener, town.face.Handler()))
}
