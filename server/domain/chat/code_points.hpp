#pragma once

#include "base/code_points.hpp"
