// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "host_use.h"
#include "sysfs.h"

int host_uses_add(struct host_uses *uses, const char *path, const char *text)
{
	struct host_use *use;

	use = realloc(uses->use, (uses->count + 1) * sizeof(*use));
	if (!use)
		return -ENOMEM;
	uses->use = use;
	use += uses->count;
	use->path = strdup(path);
	use->text = text ? strdup(text) : NULL;
	if (!use->path || (text && !use->text)) {
		free(use->path);
		free(use->text);
		return -ENOMEM;
	}
	uses->count++;
	return 0;
}

/* Something may go while we look: that is not in use any more. */
static int add_device(struct host_uses *uses, const char *link,
		      const char *text)
{
	char path[PATH_MAX];

	if (sysfs_real(path, "%s", link))
		return 0;
	return host_uses_add(uses, path, text);
}

static int collect_interface(const char *name, void *context)
{
	struct host_uses *uses = context;
	char link[PATH_MAX], text[HOST_TEXT_MAX];
	unsigned long flags;

	if (sysfs_read_number(&flags, "/sys/class/net/%s/flags", name))
		return 0;
	snprintf(link, sizeof(link), "/sys/class/net/%s", name);
	snprintf(text, sizeof(text), "%s is up", name);
	return add_device(uses, link, (flags & IFF_UP) ? text : NULL);
}

/* A framebuffer's own folder may be a virtual device; its parent is not. */
static int collect_framebuffer(const char *name, void *context)
{
	struct host_uses *uses = context;
	char link[PATH_MAX], text[HOST_TEXT_MAX];

	if (strncmp(name, "fb", 2) || !isdigit((unsigned char)name[2]))
		return 0;
	snprintf(link, sizeof(link), "/sys/class/graphics/%s/device", name);
	snprintf(text, sizeof(text), "%s, a framebuffer, is on it", name);
	return add_device(uses, link, text);
}

/* Cards only, not their connectors ("card0-VGA-1"). */
static int collect_display(const char *name, void *context)
{
	struct host_uses *uses = context;
	char link[PATH_MAX], text[HOST_TEXT_MAX];

	if (strncmp(name, "card", 4) || strchr(name, '-'))
		return 0;
	snprintf(link, sizeof(link), "/sys/class/drm/%s", name);
	snprintf(text, sizeof(text), "%s, a display, is on it", name);
	return add_device(uses, link, text);
}

/* A virtio console has no link to its hvc: any port may be the console. */
static int collect_virtio_port(const char *name, void *context)
{
	struct host_uses *uses = context;
	char link[PATH_MAX], text[HOST_TEXT_MAX];

	snprintf(link, sizeof(link), "/sys/class/virtio-ports/%s", name);
	snprintf(text, sizeof(text), "a console, hvc, may be on its port %s",
		 name);
	return add_device(uses, link, text);
}

static int collect_class(struct host_uses *uses, const char *class,
			 int (*collect)(const char *name, void *context))
{
	char path[PATH_MAX];
	int err;

	err = sysfs_path(path, sizeof(path), "/sys/class/%s", class);
	return err ? err : sysfs_each(path, collect, uses);
}

static int collect_console(struct host_uses *uses, const char *name)
{
	char link[PATH_MAX], text[HOST_TEXT_MAX];

	if (!strncmp(name, "hvc", 3))
		return collect_class(uses, "virtio-ports", collect_virtio_port);
	snprintf(link, sizeof(link), "/sys/class/tty/%s", name);
	snprintf(text, sizeof(text), "%s, a console, is on it", name);
	return add_device(uses, link, text);
}

/* /proc/consoles: "ttyS0   -W- (EC p a)   4:64". */
static int collect_consoles(struct host_uses *uses)
{
	char *text = sysfs_load("/proc/consoles"), *line, *next;
	int err = 0;

	if (!text)
		return errno == ENOENT ? 0 : -errno;
	for (line = text; line && *line && !err; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		line[strcspn(line, " \t")] = '\0';
		err = collect_console(uses, line);
	}
	free(text);
	return err;
}

int host_uses_collect(struct host_uses *uses)
{
	int err;

	*uses = (struct host_uses){ 0 };
	err = host_uses_collect_disks(uses);
	if (!err)
		err = collect_class(uses, "net", collect_interface);
	if (!err)
		err = collect_consoles(uses);
	if (!err)
		err = collect_class(uses, "graphics", collect_framebuffer);
	if (!err)
		err = collect_class(uses, "drm", collect_display);
	if (!err)
		return 0;
	host_uses_free(uses);
	return error_set(EXIT_MACHINE, -err,
			 "cannot see which devices are in use: %s",
			 strerror(-err));
}

void host_uses_free(struct host_uses *uses)
{
	for (size_t i = 0; i < uses->count; i++) {
		free(uses->use[i].path);
		free(uses->use[i].text);
	}
	free(uses->use);
	*uses = (struct host_uses){ 0 };
}

/* Names that only begin with the address ("0000:00:1c.0:pcie001") are below
 * the function's own folder. */
static bool stands_on(const struct host_use *use, const char *address)
{
	char component[HOST_ADDRESS_MAX + 2];

	snprintf(component, sizeof(component), "/%s", address);
	return strstr(use->path, component);
}

const char *host_uses_find(const struct host_uses *uses, const char *address)
{
	for (size_t i = 0; i < uses->count; i++) {
		if (uses->use[i].text && stands_on(&uses->use[i], address))
			return uses->use[i].text;
	}
	return NULL;
}

bool host_uses_has_interface(const struct host_uses *uses, const char *address)
{
	for (size_t i = 0; i < uses->count; i++) {
		if (stands_on(&uses->use[i], address) &&
		    strstr(uses->use[i].path, "/net/"))
			return true;
	}
	return false;
}
