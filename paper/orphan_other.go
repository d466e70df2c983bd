//go:build !linux

package paper

import "os/exec"

// dieWithParent does nothing here: the end of stdin ends the worker.
func dieWithParent() {}

// runBound runs a program; its own time limit ends it.
func runBound(cmd *exec.Cmd) error { return cmd.Run() }
