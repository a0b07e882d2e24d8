// SPDX-License-Identifier: GPL-2.0-only
/*
 * mkimage: lay out a kernel, an initramfs and a command line in one file that
 * the emulator loads into the guest's RAM, and finish the boot ROM that enters
 * it (rom.S).  The kernel is the plain ELF vmlinux: nothing is compressed, so
 * nothing has to be unpacked by an emulated CPU.
 *
 *	mkimage VMLINUX INITRAMFS CMDLINE-FILE OUT
 *	mkimage --rom FLAT-ROM OUT
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <asm/bootparam.h>

#include "layout.h"

#define ALIGN_2M(x)	(((x) + 0x1fffff) & ~0x1fffffull)
#define PAGE_PRESENT_RW	3ull
#define PAGE_PS		0x80ull

struct blob {
	const char *path;
	const uint8_t *data;
	size_t size;
};

static void die(const char *object, const char *reason)
{
	fprintf(stderr, "mkimage: %s: %s\n", object, reason);
	exit(1);
}

static struct blob map_file(const char *path)
{
	struct blob b = { .path = path };
	struct stat st;
	int fd;

	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st))
		die(path, strerror(errno));
	b.size = st.st_size;
	if (b.size) {
		b.data = mmap(NULL, b.size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (b.data == MAP_FAILED)
			die(path, strerror(errno));
	}
	close(fd);
	return b;
}

/* Write at guest physical address @pa; what is skipped reads as zeroes. */
static void put(int fd, uint64_t pa, const void *data, size_t size)
{
	const uint8_t *p = data;
	off_t off = pa - IMAGE_BASE;
	ssize_t n;

	while (size) {
		n = pwrite(fd, p, size, off);
		if (n <= 0)
			die("image", n ? strerror(errno) : "short write");
		p += n;
		off += n;
		size -= n;
	}
}

static const Elf64_Ehdr *elf_header(const struct blob *b)
{
	const Elf64_Ehdr *eh = (const void *)b->data;

	if (b->size < sizeof(*eh) || memcmp(eh->e_ident, ELFMAG, SELFMAG) ||
	    eh->e_ident[EI_CLASS] != ELFCLASS64 || eh->e_machine != EM_X86_64 ||
	    eh->e_phoff > b->size ||
	    eh->e_phnum > (b->size - eh->e_phoff) / sizeof(Elf64_Phdr))
		die(b->path, "not an x86-64 ELF kernel");
	return eh;
}

/* Put the loadable segments in place; return the end of what they occupy. */
static uint64_t put_kernel(int fd, const struct blob *b)
{
	const Elf64_Ehdr *eh = elf_header(b);
	const Elf64_Phdr *ph = (const void *)(b->data + eh->e_phoff);
	uint64_t end = 0;
	int i;

	for (i = 0; i < eh->e_phnum; i++, ph++) {
		if (ph->p_type != PT_LOAD || !ph->p_memsz)
			continue;
		if (ph->p_offset > b->size ||
		    ph->p_filesz > b->size - ph->p_offset ||
		    ph->p_paddr < LOW_END)
			die(b->path, "segment outside of the file or of RAM");
		put(fd, ph->p_paddr, b->data + ph->p_offset, ph->p_filesz);
		if (ph->p_paddr + ph->p_memsz > end)
			end = ph->p_paddr + ph->p_memsz;
	}
	if (!end)
		die(b->path, "no loadable segment");
	return end;
}

static void put_params(int fd, uint64_t initrd, size_t initrd_size)
{
	struct boot_params bp = {
		.hdr = {
			.boot_flag = 0xaa55,
			.header = 0x53726448,	/* "HdrS" */
			.version = 0x020f,
			.type_of_loader = 0xff,
			.loadflags = LOADED_HIGH,
			.cmd_line_ptr = CMDLINE_BASE,
			.cmdline_size = CMDLINE_SIZE - 1,
			.ramdisk_image = initrd,
			.ramdisk_size = initrd_size,
		},
	};

	put(fd, PARAMS_BASE, &bp, sizeof(bp));
}

/* One PML4 entry, four 1 GiB pages: all that startup_64 asks to see. */
static void put_page_tables(int fd)
{
	uint64_t pml4 = PDPT_BASE | PAGE_PRESENT_RW, pdpt[4];
	int i;

	for (i = 0; i < 4; i++)
		pdpt[i] = ((uint64_t)i << 30) | PAGE_PS | PAGE_PRESENT_RW;
	put(fd, PML4_BASE, &pml4, sizeof(pml4));
	put(fd, PDPT_BASE, pdpt, sizeof(pdpt));
}

static int create(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);

	if (fd < 0)
		die(path, strerror(errno));
	return fd;
}

static void make_image(char **arg)
{
	struct blob kernel = map_file(arg[0]), initrd = map_file(arg[1]);
	struct blob cmdline = map_file(arg[2]);
	uint64_t end, entry;
	int fd;

	if (cmdline.size >= CMDLINE_SIZE)
		die(arg[2], "command line longer than a page");
	fd = create(arg[3]);
	end = ALIGN_2M(put_kernel(fd, &kernel));
	entry = elf_header(&kernel)->e_entry;
	put(fd, end, initrd.data, initrd.size);
	put_params(fd, end, initrd.size);
	put(fd, CMDLINE_BASE, cmdline.data, cmdline.size);
	put_page_tables(fd);
	put(fd, INFO_BASE + INFO_ENTRY, &entry, sizeof(entry));
	if (close(fd))
		die(arg[3], strerror(errno));
}

/* The BIOS wants all bytes of a ROM to sum to zero. */
static void make_rom(char **arg)
{
	struct blob flat = map_file(arg[0]);
	uint8_t rom[ROM_SIZE];
	size_t i;
	int fd;

	if (flat.size != sizeof(rom) || flat.data[ROM_SIZE - 1])
		die(arg[0], "not the flat boot ROM");
	memcpy(rom, flat.data, sizeof(rom));
	for (i = 0; i < ROM_SIZE - 1; i++)
		rom[ROM_SIZE - 1] -= rom[i];
	fd = create(arg[1]);
	if (write(fd, rom, sizeof(rom)) != sizeof(rom) || close(fd))
		die(arg[1], strerror(errno));
}

int main(int argc, char **argv)
{
	if (argc == 5) {
		make_image(argv + 1);
	} else if (argc == 4 && !strcmp(argv[1], "--rom")) {
		make_rom(argv + 2);
	} else {
		fputs("usage: mkimage VMLINUX INITRAMFS CMDLINE-FILE OUT\n"
		      "       mkimage --rom FLAT-ROM OUT\n", stderr);
		return 2;
	}
	return 0;
}
