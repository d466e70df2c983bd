package api

// Papers is what the papers' routes need.
type Papers interface{}

func (s *Server) papers() {}
