// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "path.h"

static const struct path_ops *const all[] = {
	&vfio_irqfd_ops, &vfio_ioctl_ops, &vfio_nointxmask_ops,
	&uio_ops,        &vfio_qemu_ops,
};

const struct path_ops *path_at(size_t index)
{
	return index < sizeof(all) / sizeof(all[0]) ? all[index] : NULL;
}

const struct path_ops *path_find(const char *name, const char *arm)
{
	const struct path_ops *ops;

	for (size_t i = 0; (ops = path_at(i)); i++)
		if (!strcmp(ops->name, name) &&
		    (!arm[0] || !strcmp(ops->arm, arm)))
			return ops;
	return NULL;
}
