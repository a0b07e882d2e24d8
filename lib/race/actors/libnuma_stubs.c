// SPDX-License-Identifier: GPL-2.0-only
/*
 * libnuma can find the node of a network device by its address, for which a
 * static program would get all of libc's resolver. Nothing here uses it.
 */
#include <netdb.h>

int getaddrinfo(const char *node, const char *service,
		const struct addrinfo *hints, struct addrinfo **res)
{
	return EAI_FAIL;
}

void freeaddrinfo(struct addrinfo *res)
{
}
