package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommandWithoutWorkspace(t *testing.T) {
	exe := build(t)
	data := filepath.Join(t.TempDir(), "nothing")
	out, err := exec.Command(exe, "backup", "--data", data, filepath.Join(t.TempDir(), "b.zip")).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "no workspace in "+data) {
		t.Errorf("backup of nothing: %v, %s", err, out)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("it made a workspace")
	}
}

func TestCommandBeforeTheOwner(t *testing.T) {
	exe := build(t)
	data := t.TempDir()
	if out, err := exec.Command(exe, "init", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("init: %v, %s", err, out)
	}
	out, err := exec.Command(exe, "user", "list", "--data", data).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "no owner yet") {
		t.Errorf("users without an owner: %v, %s", err, out)
	}
}
