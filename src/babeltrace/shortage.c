/* SPDX-License-Identifier: MIT */
#include "babeltrace/shortage.h"

bool shortage;
