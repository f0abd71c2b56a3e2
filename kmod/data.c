// SPDX-License-Identifier: GPL-2.0-only
/* Data areas: a header page, a timeline, and a block for each CPU. */
#include <linux/anon_inodes.h>
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "data.h"

#define TIMELINE_OFFSET	PAGE_SIZE
#define CPU_OFFSET \
	(TIMELINE_OFFSET + \
	 PAGE_ALIGN(INTXBENCH_TIMELINE * sizeof(struct intxbench_timeline)))
/* Whole pages: no two CPUs write to one cache line. */
#define CPU_STRIDE	PAGE_ALIGN(sizeof(struct intxbench_cpu_data))

size_t intxbench_area_bytes(void)
{
	return CPU_OFFSET + (size_t)nr_cpu_ids * CPU_STRIDE;
}

struct intxbench_area *intxbench_area_alloc(u32 tokens)
{
	struct intxbench_area *area;

	BUILD_BUG_ON(sizeof(struct intxbench_data) > TIMELINE_OFFSET);

	area = kzalloc(sizeof(*area), GFP_KERNEL);
	if (!area)
		return NULL;
	area->data = vmalloc_user(intxbench_area_bytes());
	if (!area->data) {
		kfree(area);
		return NULL;
	}
	kref_init(&area->ref);
	area->data->abi = INTXBENCH_ABI;
	area->data->nr_cpu_ids = nr_cpu_ids;
	area->data->timeline_offset = TIMELINE_OFFSET;
	area->data->cpu_offset = CPU_OFFSET;
	area->data->cpu_stride = CPU_STRIDE;
	area->data->tokens = tokens;
	return area;
}

static void area_free(struct kref *ref)
{
	struct intxbench_area *area =
		container_of(ref, struct intxbench_area, ref);

	vfree(area->data);
	kfree(area);
}

void intxbench_area_put(struct intxbench_area *area)
{
	kref_put(&area->ref, area_free);
}

static int data_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct intxbench_area *area = file->private_data;

	if (vma->vm_flags & (VM_WRITE | VM_MAYWRITE))
		return -EPERM;
	return remap_vmalloc_range(vma, area->data, vma->vm_pgoff);
}

static int data_release(struct inode *inode, struct file *file)
{
	intxbench_area_put(file->private_data);
	return 0;
}

static const struct file_operations data_fops = {
	.owner = THIS_MODULE,
	.mmap = data_mmap,
	.release = data_release,
};

struct file *intxbench_area_file(struct intxbench_area *area)
{
	struct file *file;

	/* O_RDONLY: mmap() then refuses PROT_WRITE and clears VM_MAYWRITE. */
	file = anon_inode_getfile("[intxbench-data]", &data_fops, area,
				  O_RDONLY);
	if (!IS_ERR(file))
		kref_get(&area->ref);
	return file;
}
