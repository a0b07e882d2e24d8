// SPDX-License-Identifier: GPL-2.0-only
/*
 * Convert DOT to SVG with graphviz' dot, which may not be installed. It runs
 * with a time limit: a large graph can take very long.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "runner/child.h"
#include "splat/render.h"

#define RENDER_S	60

struct said {
	char first[200];
};

static void on_line(const char *line, void *arg)
{
	struct said *s = arg;

	if (!s->first[0])
		snprintf(s->first, sizeof(s->first), "%s", line);
}

static int run_dot(const struct args *a, const char *from, const char *to)
{
	char *const argv[] = { "dot", "-Tsvg", "-o", (char *)to, (char *)from,
			       NULL };
	struct said said = { };
	struct child_opts o = {
		.argv = argv,
		.timeout_s = RENDER_S,
		.line = on_line,
		.line_arg = &said,
	};
	struct child_result r = { };
	int err = child_run(&o, &r);

	if (err == -ENOENT)
		return complain(a, "dot", "is not installed; it comes with "
				"graphviz. --dot does not need it");
	if (err)
		return complain(a, "dot", strerror(-err));
	if (r.timed_out)
		return complain(a, "dot", "takes too long; try a smaller "
				"--depth");
	if (!r.exited || r.code)
		return complain(a, "dot", said.first[0] ? said.first :
				"failed");
	return 0;
}

static int write_all(int fd, const struct text *t)
{
	size_t done = 0;

	while (done < t->n) {
		ssize_t n = write(fd, t->p + done, t->n - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? n : 0;
	}
	return 0;
}

int render_svg(const struct args *a, const struct text *dot, const char *path)
{
	const char *dir = getenv("TMPDIR");
	char name[4096];
	int ret, fd;

	snprintf(name, sizeof(name), "%s/splat.XXXXXX", dir && *dir ? dir :
		 "/tmp");
	fd = mkstemp(name);
	if (fd < 0)
		return complain(a, name, strerror(errno));
	ret = write_all(fd, dot);
	close(fd);
	if (ret)
		complain(a, name, strerror(-ret));
	else
		ret = run_dot(a, name, path);
	unlink(name);
	return ret ? EXIT_USAGE : 0;
}
