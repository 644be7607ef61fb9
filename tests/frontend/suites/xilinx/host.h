#pragma once
static const int BINS = 8;
enum { COUNT = 48 };
