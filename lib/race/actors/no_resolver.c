// SPDX-License-Identifier: GPL-2.0-only
/*
 * libnuma can find the node of a network device by its address. In a static
 * program that brings all of libc's resolver along, which is for nobody here.
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
