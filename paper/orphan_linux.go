package paper

import (
	"os/exec"
	"runtime"
	"syscall"
)

// dieWithParent has the kernel end this process when its parent does. Code that PDFium hangs in cannot be interrupted, so nothing in here is sure to run.
func dieWithParent() {
	const setDeathSignal = 1 // PR_SET_PDEATHSIG
	// Where it is refused, the end of stdin remains.
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, setDeathSignal, uintptr(syscall.SIGKILL), 0)
}

// runBound runs a program that ends with this process. The kernel binds it to the thread, which must therefore stay.
func runBound(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd.Run()
}
