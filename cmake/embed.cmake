# Text files compiled into the library: the names (first column of data/ssa-2018.csv) and recipes.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             ${CMAKE_CURRENT_SOURCE_DIR}/data/ssa-2018.csv)

file(READ data/ssa-2018.csv names)
string(FIND "${names}" "\n" header_end)
math(EXPR header_end "${header_end} + 1")
string(SUBSTRING "${names}" ${header_end} -1 names)
string(REGEX REPLACE "([^,\n]*),[^\n]*\n" "\"\\1\\\\n\"\n" names "${names}")
file(CONFIGURE OUTPUT generated/embedded_names.cpp CONTENT
"#include \"wavenet/data/text/embedded.h\"

namespace wavenet::data {
const std::string_view kEmbeddedNames =
@names@;
}  // namespace wavenet::data
" @ONLY)

set(recipes)
file(GLOB recipe_files CONFIGURE_DEPENDS recipes/*.json)
foreach(file IN LISTS recipe_files)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(APPEND recipes "    {\"${name}\", R\"recipe(${text})recipe\"},\n")
endforeach()
list(LENGTH recipe_files recipe_count)
file(CONFIGURE OUTPUT generated/embedded_recipes.cpp CONTENT
"#include \"wavenet/models/recipes.h\"

namespace wavenet::models {
const std::vector<std::pair<std::string, std::string_view>>& embedded_recipes() {
  static const std::vector<std::pair<std::string, std::string_view>> all{
@recipes@  };
  return all;
}
}  // namespace wavenet::models
" @ONLY)
