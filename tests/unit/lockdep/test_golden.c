// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each golden log gives exactly the JSON in the file beside it. GOLDEN_UPDATE=1
 * in the environment rewrites these files instead: read the diff.
 */
#include "golden.h"
#include "unit.h"

static void update(const struct golden *g, const char *got)
{
	char path[4096];
	FILE *f;

	golden_json_path(path, sizeof(path), g->path);
	f = fopen(path, "w");
	fputs(got, f);
	fclose(f);
}

static void each(void (*fn)(const struct golden *g))
{
	struct golden g;
	glob_t paths;
	size_t i;

	golden_glob(&paths);
	CHECK(paths.gl_pathc >= 40);
	for (i = 0; i < paths.gl_pathc; i++) {
		CHECK(golden_load(&g, paths.gl_pathv[i]));
		fn(&g);
		golden_free(&g);
	}
	globfree(&paths);
}

static void one_as_expected(const struct golden *g)
{
	char *got = golden_parse(g->log, 0);

	if (getenv("GOLDEN_UPDATE")) {
		update(g, got);
	} else if (!g->expect) {
		printf("# %s: has no .json file\n", g->path);
		CHECK(g->expect);
	} else if (strcmp(got, g->expect)) {
		printf("# %s: got\n%s", g->path, got);
		CHECK_STR(got, g->expect);
	}
	free(got);
}

static void as_expected(void)
{
	each(one_as_expected);
}

static void one_in_pieces(const struct golden *g)
{
	static const size_t steps[] = { 1, 7, 64, 1000 };
	char *whole = golden_parse(g->log, 0);
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		char *got = golden_parse(g->log, steps[i]);

		CHECK_STR(got, whole);
		free(got);
	}
	free(whole);
}

/* The result does not depend on how the bytes are cut into pieces. */
static void in_pieces(void)
{
	each(one_in_pieces);
}

/* The signature of the last report. */
static char *signature_in(const char *name)
{
	static const char key[] = "\"signature\": \"";
	char path[4096], *sig = NULL, *p, *next;
	struct golden g;

	snprintf(path, sizeof(path), "%s/%s.log", golden_dir(), name);
	CHECK(golden_load(&g, path));
	for (p = g.expect; p && (next = strstr(p, key)); p = sig)
		sig = next + strlen(key);
	sig = sig ? strndup(sig, strcspn(sig, "\"")) : strdup("none");
	golden_free(&g);
	return sig;
}

static void same_signature(const char *a, const char *b)
{
	char *sa = signature_in(a), *sb = signature_in(b);

	CHECK(strcmp(sa, "none"));
	CHECK_STR(sa, sb);
	free(sa);
	free(sb);
}

/* The signature does not depend on which half of a bug ran first ... */
static void mirrored(void)
{
	same_signature("circular-7.3.4-orc", "circular-7.3.4-orc-mirrored");
	same_signature("circular-6.17-tdx",
		       "circular-6.17-tdx-mirrored-by-hand");
	same_signature("circular-7.3.4-guess",
		       "circular-7.3.4-guess-mirrored-by-hand");
}

/* ... nor on how tools changed the log. */
static void reformatted(void)
{
	same_signature("circular-6.17-tdx",
		       "circular-6.17-tdx-decoded-by-hand");
	same_signature("circular-6.17-tdx", "circular-quoted-by-hand");
	same_signature("circular-6.17-tdx", "circular-interleaved-by-hand");
	same_signature("circular-7.3.4-guess", "circular-7.3.4-guess-kmsg");
	same_signature("circular-7.3.4-guess",
		       "circular-7.3.4-symbolized-by-hand");
	same_signature("circular-7.3.4-guess", "circular-journal-by-hand");
	same_signature("circular-7.3.4-guess",
		       "circular-dmesg-with-callers-by-hand");
}

/* The control: other functions give another signature. */
static void other_path(void)
{
	char *a = signature_in("circular-6.17-tdx");
	char *b = signature_in("circular-7.3.4-guess");

	CHECK(strcmp(a, b));
	free(a);
	free(b);
}

/* The control: a wrong expectation is detected. */
static void wrong_expectation(void)
{
	struct golden g;
	char path[4096], *got;

	snprintf(path, sizeof(path), "%s/circular-6.17-tdx.log", golden_dir());
	CHECK(golden_load(&g, path));
	got = golden_parse(str_skip(g.log, g.log.n / 2), 0);
	CHECK(strcmp(got, g.expect));
	free(got);
	golden_free(&g);
}

UNIT_MAIN(
	{ "as_expected", as_expected },
	{ "in_pieces", in_pieces },
	{ "mirrored", mirrored },
	{ "reformatted", reformatted },
	{ "other_path", other_path },
	{ "wrong_expectation", wrong_expectation },
)
