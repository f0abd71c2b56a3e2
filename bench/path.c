#include "path.h"
const struct path_ops *path_find(uint32_t arm)
{
	(void)arm;
	return 0;
}
