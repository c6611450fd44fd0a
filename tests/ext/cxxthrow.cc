/* SPDX-License-Identifier: MIT */
#include "cxxthrow.h"

namespace
{

struct counts_unwinding {
	int *unwound;
	~counts_unwinding()
	{
		++*unwound;
	}
};

} // namespace

void cxx_call(void (*callback)(), int *unwound)
{
	counts_unwinding on_the_way{unwound};

	if (!callback)
		throw cxx_trouble("thrown by the library");
	callback();
}
