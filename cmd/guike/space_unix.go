//go:build linux || darwin

package main

import "syscall"

// space tells how many bytes are free on the disk that a folder is on, for who is not root, and how large it is.
func space(dir string) func() (free, room int64, err error) {
	return func() (int64, int64, error) {
		var s syscall.Statfs_t
		if err := syscall.Statfs(dir, &s); err != nil {
			return 0, 0, err
		}
		return int64(s.Bavail) * int64(s.Bsize), int64(s.Blocks) * int64(s.Bsize), nil
	}
}
