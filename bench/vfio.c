// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "host_module.h"
#include "vfio.h"
#include "vfio_group.h"

#define CONTAINER "/dev/vfio/vfio"
#define TYPE1 "vfio_iommu_type1"
#define UNSAFE "allow_unsafe_interrupts"

static int failed(const struct vfio *vfio, int errnum, const char *what)
{
	return error_set(EXIT_MACHINE, errnum, "vfio-pci: cannot %s %s: %s",
			 what, vfio->address, strerror(errnum));
}

static int open_container(struct vfio *vfio)
{
	vfio->container = open(CONTAINER, O_RDWR | O_CLOEXEC);
	if (vfio->container < 0)
		return error_set(EXIT_MACHINE, errno,
				 "cannot open " CONTAINER ": %s%s",
				 strerror(errno),
				 errno == EACCES ? "; run as root" :
						   "; is vfio loaded?");
	if (ioctl(vfio->container, VFIO_GET_API_VERSION) != VFIO_API_VERSION)
		return error_set(EXIT_MACHINE, EPROTO,
				 CONTAINER " has another version than %d",
				 VFIO_API_VERSION);
	if (ioctl(vfio->container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) !=
	    1)
		return error_set(EXIT_MACHINE, EOPNOTSUPP,
				 CONTAINER " has no type 1 IOMMU; load it: "
					   "sudo modprobe " TYPE1);
	return 0;
}

static int open_group(struct vfio *vfio, unsigned long number)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/vfio/%lu", number);
	vfio->group = open(path, O_RDWR | O_CLOEXEC);
	if (vfio->group >= 0)
		return 0;
	if (errno == EBUSY)
		return error_set(EXIT_MACHINE, EBUSY,
				 "%s is in IOMMU group %lu, and another "
				 "process has that ('sudo fuser -v %s' says "
				 "which): end it, or take another function",
				 vfio->address, number, path);
	return error_set(EXIT_MACHINE, errno, "cannot open %s for %s: %s", path,
			 vfio->address, strerror(errno));
}

/* Another driver in the group has it for the kernel's own DMA. */
static int check_viable(struct vfio *vfio, unsigned long number)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	int err;

	if (ioctl(vfio->group, VFIO_GROUP_GET_STATUS, &status))
		return failed(vfio, errno, "see the group of");
	if (status.flags & VFIO_GROUP_FLAGS_VIABLE)
		return 0;
	err = vfio_group_check(vfio->address, number);
	return err ? err : failed(vfio, EBUSY, "have the whole group of");
}

static int set_iommu(struct vfio *vfio)
{
	if (!ioctl(vfio->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return 0;
	/* vfio_iommu_type1_attach_group() */
	if (errno == EPERM)
		return error_set(
			EXIT_MACHINE, EPERM,
			"this machine does not remap interrupts, so vfio does "
			"not give %s away: turn interrupt remapping on (in the "
			"firmware's setup; no intremap=off or nointremap on the "
			"kernel's command line). Or, if nobody but you uses "
			"this machine, let the job allow it, or yourself: echo "
			"1 | sudo tee /sys/module/" TYPE1 "/parameters/" UNSAFE,
			vfio->address);
	return failed(vfio, errno, "set the IOMMU for");
}

static int open_device(struct vfio *vfio)
{
	vfio->device =
		ioctl(vfio->group, VFIO_GROUP_GET_DEVICE_FD, vfio->address);
	if (vfio->device >= 0)
		return 0;
	if (errno == EAGAIN)
		return error_set(EXIT_MACHINE, EAGAIN,
				 "vfio-pci cannot reset %s: somebody else "
				 "holds its lock; try again",
				 vfio->address);
	return failed(vfio, errno, "open");
}

static int check_pin(const struct vfio *vfio)
{
	struct vfio_irq_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_INTX_IRQ_INDEX,
	};

	if (ioctl(vfio->device, VFIO_DEVICE_GET_IRQ_INFO, &info))
		return failed(vfio, errno, "see the interrupts of");
	if (info.count && info.flags & VFIO_IRQ_INFO_EVENTFD)
		return 0;
	return error_set(EXIT_MACHINE, ENXIO,
			 "vfio-pci shows no INTx of %s: it has no pin, or a "
			 "quirk of the kernel hides it",
			 vfio->address);
}

static int find_config(struct vfio *vfio)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
	};

	if (ioctl(vfio->device, VFIO_DEVICE_GET_REGION_INFO, &info))
		return failed(vfio, errno, "see the config space of");
	vfio->config = info.offset;
	return 0;
}

static int take(struct vfio *vfio)
{
	unsigned long number;
	int err;

	err = vfio_group_number(vfio->address, &number);
	if (!err)
		err = open_container(vfio);
	if (!err)
		err = open_group(vfio, number);
	if (!err)
		err = check_viable(vfio, number);
	if (!err &&
	    ioctl(vfio->group, VFIO_GROUP_SET_CONTAINER, &vfio->container))
		err = failed(vfio, errno, "use the group of");
	if (!err)
		err = set_iommu(vfio);
	if (!err)
		err = open_device(vfio);
	if (!err)
		err = check_pin(vfio);
	return err ? err : find_config(vfio);
}

int vfio_open(const struct host_function *function, struct vfio *vfio)
{
	int err;

	*vfio = (struct vfio){ .container = -1, .group = -1, .device = -1 };
	memcpy(vfio->address, function->address, sizeof(vfio->address));
	err = take(vfio);
	if (err)
		vfio_close(vfio);
	return err;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void vfio_close(struct vfio *vfio)
{
	close_fd(&vfio->device);
	close_fd(&vfio->group);
	close_fd(&vfio->container);
}

int vfio_map(const struct vfio *vfio, uint32_t bar, struct registers *registers)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_BAR0_REGION_INDEX + bar,
	};
	void *base;

	if (bar > VFIO_PCI_BAR5_REGION_INDEX ||
	    ioctl(vfio->device, VFIO_DEVICE_GET_REGION_INFO, &info))
		return failed(vfio,
			      bar > VFIO_PCI_BAR5_REGION_INDEX ? EINVAL : errno,
			      "see a BAR of");
	if (!(info.flags & VFIO_REGION_INFO_FLAG_MMAP) || !info.size)
		return failed(vfio, ENXIO, "map a BAR of");
	base = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED,
		    vfio->device, info.offset);
	if (base == MAP_FAILED)
		return failed(vfio, errno, "map a BAR of");
	registers->base = base;
	registers->bytes = info.size;
	return 0;
}

int vfio_disable_intx(const struct vfio *vfio, bool disable)
{
	off_t offset = vfio->config + PCI_COMMAND;
	uint16_t command; /* little-endian, as are the machines with INTx */

	if (pread(vfio->device, &command, sizeof(command), offset) !=
	    sizeof(command))
		return failed(vfio, errno, "read the command register of");
	if (disable)
		command |= PCI_COMMAND_INTX_DISABLE;
	else
		command &= ~PCI_COMMAND_INTX_DISABLE;
	if (pwrite(vfio->device, &command, sizeof(command), offset) !=
	    sizeof(command))
		return failed(vfio, errno, "write the command register of");
	return 0;
}

/* With an eventfd as data, or (fd -1) with none. */
static int set_intx(const struct vfio *vfio, uint32_t action, uint32_t count,
		    int fd)
{
	_Alignas(struct vfio_irq_set) char
		bytes[sizeof(struct vfio_irq_set) + sizeof(int32_t)];
	struct vfio_irq_set *set = (struct vfio_irq_set *)bytes;
	int32_t data = fd;

	*set = (struct vfio_irq_set){
		.argsz = fd < 0 ? sizeof(*set) : sizeof(bytes),
		.flags = action | (fd < 0 ? VFIO_IRQ_SET_DATA_NONE :
					    VFIO_IRQ_SET_DATA_EVENTFD),
		.index = VFIO_PCI_INTX_IRQ_INDEX,
		.count = count,
	};
	memcpy(set->data, &data, sizeof(data));
	return ioctl(vfio->device, VFIO_DEVICE_SET_IRQS, set) ? -errno : 0;
}

int vfio_trigger(const struct vfio *vfio, int fd)
{
	return set_intx(vfio, VFIO_IRQ_SET_ACTION_TRIGGER, 1, fd);
}

void vfio_free_trigger(const struct vfio *vfio)
{
	set_intx(vfio, VFIO_IRQ_SET_ACTION_TRIGGER, 0, -1);
}

int vfio_unmask_by(const struct vfio *vfio, int fd)
{
	int err = set_intx(vfio, VFIO_IRQ_SET_ACTION_UNMASK, 1, fd);

	return err ? failed(vfio, -err, "set the ack's eventfd of") : 0;
}

int vfio_unmask(const struct vfio *vfio)
{
	return set_intx(vfio, VFIO_IRQ_SET_ACTION_UNMASK, 1, -1);
}

int vfio_allow_unsafe(void)
{
	int err = host_driver_load(HOST_DRIVER_VFIO);

	return err ? err : host_parameter_set(TYPE1, UNSAFE, "Y");
}
